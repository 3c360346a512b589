"""Banks as lists of codes: written for others, and taken from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from PIL import Image as Pixels

from accounts.errors import InvalidError
from ledger.services import append
from provenance.events import CodesImported
from provenance.intake import storage
from provenance.models import Bank, BankEntry, MatchBank
from provenance.screening import corpus
from provenance.screening.banks import enter, subject_of
from provenance.screening.exchange import Listed
from provenance.screening.fingerprints import image_code
from provenance.screening.looks import look_of_mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from accounts.actors import Actor
    from provenance.models import Image


def listed_in(kind: MatchBank.Kind) -> Iterator[Listed]:
    """The live codes of the site's banks of this kind, oldest first. No name of a party is told."""
    live = BankEntry.objects.filter(bank__kind=kind, ended_version=None).exclude(pdq="")
    for entry in live.order_by("pk").select_related("image").iterator():
        iscc = _iscc(entry.image) if entry.image else ""
        yield Listed(entry.pdq, entry.label, entry.quality, iscc)


def _iscc(image: Image) -> str:
    """Made when it is first asked for: nothing here compares it."""
    if not image.iscc and storage.exists("normalised", image.normalised_sha256):
        with Pixels.open(storage.path_of("normalised", image.normalised_sha256)) as picture:
            image.iscc = image_code(picture)
        image.save(update_fields=["iscc"])
    return image.iscc


def take_list(
    *, actor: Actor, bank: MatchBank, entries: Sequence[Listed], reason: str
) -> tuple[int, int]:
    """Put codes onto a bank, all or none; those that are there stay. (added, known)

    An operator's or the system's act. A list is a claim of others: it flags, unless its bank is
    set to block.
    """
    actor.require("operator")
    if bank.kind == MatchBank.Kind.PROTECTED:
        raise InvalidError(
            "protect_instead",
            "A list of codes names no work and no holder, so it protects nothing.",
            "Put it onto the watch list, or protect each work for its holder.",
        )
    if not reason.strip():
        raise InvalidError("reason_missing", "A list needs a reason.", "Write where it is from.")
    there = set(bank.entries.filter(ended_version=None).values_list("pdq", flat=True))
    new = list({one.pdq: one for one in entries if one.pdq not in there}.values())
    looks = [look_of_mark(one.pdq, one.quality, b"") for one in new]
    with transaction.atomic():
        version = Bank.locked().version + 1
        for one, look in zip(new, looks, strict=True):
            enter(
                bank=bank, look=look, image=None, label=one.label or "from a list",
                version=version, added_by=None, reason=reason,
            )  # fmt: skip
        if new:
            event = CodesImported(bank=bank.kind, listed=len(new), bank_version=version)
            append(actor=actor.id, subject=subject_of(bank), event=event, statement=reason)
            corpus.grown(version, looks, merely_claimed=True)
    return len(new), len(entries) - len(new)
