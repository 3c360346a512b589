"""Base models, their licences, hashes and provenance statements."""
