"""REST of revisions: commands on them, and what points to them."""
