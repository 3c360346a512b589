"""Command-line programs, each one file."""
