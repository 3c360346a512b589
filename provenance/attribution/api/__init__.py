"""REST of attribution: parties, works, evidence."""
