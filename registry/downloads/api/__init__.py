"""REST of downloads: terms, access by approval, receipts, and what has ended."""
