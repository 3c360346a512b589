"""A creator chooses how to be credited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.errors import InvalidError
from ledger.services import append
from provenance.consent import events
from provenance.consent.services.members import member_of
from provenance.models import CreditChoice, Party, Work

if TYPE_CHECKING:
    from accounts.actors import Actor

LONGEST = 300


def choose_credit(
    *, actor: Actor, party: Party, choice: str, text: str = "", work: Work | None = None
) -> CreditChoice:
    """A creator is credited as written, anonymously or not at all, for one work or for all.

    The choice holds for cards made from now on; no holder's wish goes before it.
    """
    member_of(actor, party)
    with transaction.atomic():
        return keep_credit(actor, party, choice, text, work)


def keep_credit(
    actor: Actor, party: Party, choice: str, text: str, work: Work | None
) -> CreditChoice:
    """`choose_credit` for whoever was let in otherwise; call it inside a transaction."""
    written = " ".join(text.split())
    if choice not in CreditChoice.Choice.values:
        known = ", ".join(CreditChoice.Choice.values)
        raise InvalidError("bad_choice", f"Choose one of: {known}.")
    if (choice == CreditChoice.Choice.AS_WRITTEN) != bool(written) or len(written) > LONGEST:
        raise InvalidError(
            "bad_credit",
            f"“As written” needs your credit, of at most {LONGEST} characters; the other choices "
            "have none.",
            "Write it exactly as it should stand, or leave it empty.",
        )
    if work is not None and not work.creators.filter(pk=party.pk).exists():
        raise InvalidError("not_your_work", f"{party} is not on record as having made this work.")
    made, _ = CreditChoice.objects.update_or_create(
        party=party, work=work, defaults={"choice": choice, "text": written}
    )
    event = events.CreditChosen(choice=choice, work=str(work.pk) if work else None)
    append(actor=actor.id, subject=f"party:{party.pk}", event=event, statement=written)
    return made
