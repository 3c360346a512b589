"""Freeze a cleared set and its use into an immutable, signed manifest."""
