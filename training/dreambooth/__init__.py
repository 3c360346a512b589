"""Manifest in, weights and samples out; the only user of torch; imported by nobody."""
