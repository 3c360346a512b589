"""Browse and search the released models."""
