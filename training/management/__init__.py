"""Management commands of training."""
