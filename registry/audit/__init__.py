"""Memorisation, bytes, consent and name, re-checked before release."""
