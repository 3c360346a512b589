"""What templates of provenance say in words."""
