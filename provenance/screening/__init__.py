"""Fingerprints and the exact index that find protected works by their looks."""
