"""Ask, answer, grant, revoke, reserve, decide: each with its ledger entry, at once."""

from provenance.consent.services.asking import ask_party, grant, refuse
from provenance.consent.services.crediting import choose_credit
from provenance.consent.services.deciding import read_licence, set_policy
from provenance.consent.services.granting import give_grant, revoke_grant, use_grants
from provenance.consent.services.members import confirm_member
from provenance.consent.services.reserving import import_reservations, lift_reservation, reserve

__all__ = [
    "ask_party",
    "choose_credit",
    "confirm_member",
    "give_grant",
    "grant",
    "import_reservations",
    "lift_reservation",
    "read_licence",
    "refuse",
    "reserve",
    "revoke_grant",
    "set_policy",
    "use_grants",
]
