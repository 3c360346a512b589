"""The facts of a decision, read from the records: pictures, works, permissions."""
