"""The demo's pictures, people and steps; imported by nobody."""
