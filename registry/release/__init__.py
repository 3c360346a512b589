"""Build, sign, publish and withdraw an immutable revision."""
