"""Ask, answer, grant, revoke, reserve, decide: each with its ledger entry, at once."""

from provenance.consent.services.answering import (
    confirm,
    grant_by_link,
    not_mine,
    refuse_by_link,
    withdraw_by_link,
)
from provenance.consent.services.asking import ask_party, grant, refuse, withdraw_ask
from provenance.consent.services.blocking import answer_always, block, unblock
from provenance.consent.services.bundling import Asked, ask_all, missing
from provenance.consent.services.creators import answer_notice
from provenance.consent.services.crediting import choose_credit
from provenance.consent.services.deciding import read_licence, set_policy
from provenance.consent.services.granting import give_grant, revoke_grant, use_grants
from provenance.consent.services.members import confirm_member
from provenance.consent.services.reserving import import_reservations, lift_reservation, reserve

__all__ = [
    "Asked",
    "answer_always",
    "answer_notice",
    "ask_all",
    "ask_party",
    "block",
    "choose_credit",
    "confirm",
    "confirm_member",
    "give_grant",
    "grant",
    "grant_by_link",
    "import_reservations",
    "lift_reservation",
    "missing",
    "not_mine",
    "read_licence",
    "refuse",
    "refuse_by_link",
    "reserve",
    "revoke_grant",
    "set_policy",
    "unblock",
    "use_grants",
    "withdraw_ask",
    "withdraw_by_link",
]
