"""REST of consent: one file a noun, `bodies` for what they share."""
