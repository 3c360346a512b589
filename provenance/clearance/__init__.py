"""One verdict per image and per set, with every reason; standings."""
