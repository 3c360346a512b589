"""Licences, grants and reservations: scope, term, evidence, revocation."""
