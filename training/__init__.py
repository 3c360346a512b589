"""From a cleared set to weights."""
