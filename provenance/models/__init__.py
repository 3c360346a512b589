"""The records, a file per noun."""
