"""How well copies are found: works from Debian's picture packages, edited, against strangers."""
