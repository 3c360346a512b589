"""Ask a party, answer, grant, revoke, reserve: each with its ledger entry, at once."""

from provenance.consent.services.asking import ask_party, grant, refuse
from provenance.consent.services.granting import give_grant, revoke_grant
from provenance.consent.services.members import confirm_member
from provenance.consent.services.reserving import lift_reservation, reserve

__all__ = [
    "ask_party",
    "confirm_member",
    "give_grant",
    "grant",
    "lift_reservation",
    "refuse",
    "reserve",
    "revoke_grant",
]
