"""Model card and attribution, rendered from the records."""
