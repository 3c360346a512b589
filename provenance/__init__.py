"""What a picture is, whose it is, and what was permitted."""
