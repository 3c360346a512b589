"""Grants and reservations as ODRL 2.2 policies in JSON-LD, and grants read back. Pure.

The vocabulary is documented in docs/odrl-profile.md.
"""

from provenance.consent.odrl.reading import from_odrl
from provenance.consent.odrl.writing import Agreement, reservation_to_odrl, to_odrl

__all__ = ["Agreement", "from_odrl", "reservation_to_odrl", "to_odrl"]
