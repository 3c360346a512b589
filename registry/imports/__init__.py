"""Bring in a model that was trained elsewhere: as unverified, and quarantined at first."""
