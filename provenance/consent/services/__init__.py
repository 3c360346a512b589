"""Ask a party, answer, grant, revoke, reserve: each with its ledger entry, at once."""

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
from provenance.consent.services.granting import give_grant, revoke_grant
from provenance.consent.services.members import confirm_member
from provenance.consent.services.reserving import lift_reservation, reserve

__all__ = [
    "Asked",
    "answer_always",
    "answer_notice",
    "ask_all",
    "ask_party",
    "block",
    "confirm",
    "confirm_member",
    "give_grant",
    "grant",
    "grant_by_link",
    "lift_reservation",
    "missing",
    "not_mine",
    "refuse",
    "refuse_by_link",
    "reserve",
    "revoke_grant",
    "unblock",
    "withdraw_ask",
    "withdraw_by_link",
]
