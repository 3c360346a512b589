"""Banks: lists of pictures that others are compared with, and who put what on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.errors import InvalidError
from ledger.services import append
from provenance.events import BankEntryAdded, BankEntryEnded
from provenance.models import Bank, BankEntry, MatchBank
from provenance.screening import corpus
from provenance.screening.local import VERSION, kept

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.actors import Actor
    from provenance.models import Image
    from provenance.screening.looks import Look


def enter(
    *,
    kind: MatchBank.Kind,
    look: Look,
    image: Image | None,
    label: str,
    version: int,
    added_by: UUID | str | None,
    reason: str = "",
) -> BankEntry:
    """A row in the site's bank of this kind. The caller has locked the bank and tells why."""
    return BankEntry.objects.create(
        bank=MatchBank.of_kind(kind),
        image=image,
        pdq=look.pdq,
        quality=look.quality,
        features_version=VERSION if look.features else "",
        features=kept(look.features),
        label=label,
        reason=reason,
        added_by_id=added_by,
        bank_version=version,
    )


def list_picture(
    *, actor: Actor, kind: MatchBank.Kind, look: Look, image: Image | None, label: str, reason: str
) -> BankEntry:
    """Put a picture on a bank other than that of protected works: a reviewer's act, with a reason.

    A negative entry says that something is a common element; like all others it can be ended.
    """
    actor.require("reviewer")
    if kind == MatchBank.Kind.PROTECTED:
        raise InvalidError("protect_instead", "Protect a work to put its picture on that bank.")
    if not reason.strip() or not label.strip():
        raise InvalidError(
            "reason_missing", "An entry needs a name and a reason.", "Write what it is, and why."
        )
    with transaction.atomic():
        version = Bank.locked().version + 1
        entry = enter(
            kind=kind, look=look, image=image, label=label.strip()[:200], version=version,
            added_by=actor.id, reason=reason.strip(),
        )  # fmt: skip
        event = BankEntryAdded(bank=kind, entry=entry.pk, bank_version=version)
        append(actor=actor.id, subject=f"bank:{kind}", event=event, statement=entry.reason)
        corpus.grown(version, [look], merely_claimed=True)
    return entry


def end_entry(*, actor: Actor, entry: BankEntry, reason: str) -> None:
    """Take an entry off its bank; pictures that it was compared with are compared anew."""
    actor.require("reviewer")
    with transaction.atomic():
        version = Bank.locked().version + 1
        changed = BankEntry.objects.filter(pk=entry.pk, ended_version=None, protection=None)
        if not changed.update(ended_version=version):
            raise InvalidError("entry_ended", "This entry has ended, or protects a work.")
        event = BankEntryEnded(bank=entry.bank.kind, entry=entry.pk, bank_version=version)
        append(actor=actor.id, subject=f"bank:{entry.bank.kind}", event=event, statement=reason)
        corpus.grown(version, [], merely_claimed=True)
