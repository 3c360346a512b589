"""Banks: lists of pictures that others are compared with, and who put what on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.errors import InvalidError
from ledger.services import append
from provenance.clearance.services import mark_stale
from provenance.events import BankEntryAdded, BankEntryEnded, BankSet
from provenance.intake.services import limits, take_in
from provenance.models import Bank, BankEntry, Features, MatchBank, Screening
from provenance.screening import corpus
from provenance.screening.local import kept
from provenance.screening.looks import VERSION, looks_of
from provenance.screening.rules import Thresholds

if TYPE_CHECKING:
    from typing import IO
    from uuid import UUID

    from accounts.actors import Actor
    from provenance.models import Image
    from provenance.screening.looks import Look


LONGEST_NAME = 120


def subject_of(bank: MatchBank) -> str:
    """Where the ledger tells what was done to a bank."""
    return f"bank:{bank.pk}"


def open_bank(*, actor: Actor, name: str, kind: MatchBank.Kind, reason: str) -> MatchBank:
    """One more list of this kind, empty, with the calibrated thresholds: an operator's act."""
    actor.require("operator")
    name = name.strip()
    _require_listable(kind)
    with transaction.atomic():
        Bank.locked()  # of two who choose one name at once, the second is told
        if not 0 < len(name) <= LONGEST_NAME or _is_taken(name):
            raise InvalidError(
                "bank_name",
                f"A bank needs a name of at most {LONGEST_NAME} signs that no other has.",
                "Choose one.",
            )
        bank = MatchBank.objects.create(name=name, kind=kind)
        _tell(actor, bank, reason)
    return bank


def _is_taken(name: str) -> bool:
    """Also by a bank of the site's own that is not there yet: its entries would end up in this."""
    own = {kind.label.casefold() for kind in MatchBank.Kind}
    return name.casefold() in own or MatchBank.objects.filter(name__iexact=name).exists()


def set_bank(
    *, actor: Actor, bank: MatchBank, match_at: float | None, possible_at: float | None,
    blocks: bool, reason: str,
) -> None:  # fmt: skip
    """An operator moves a bank's thresholds (0 to 1; None: the calibrated ones), or what it does.

    All pictures are compared anew, each when a gate next asks for it, and all decisions are made
    again.
    """
    actor.require("operator")
    shipped = Thresholds()
    sure = shipped.match_at if match_at is None else match_at
    perhaps = shipped.possible_at if possible_at is None else possible_at
    if not 0 < perhaps <= sure <= 1:
        raise InvalidError(
            "bad_thresholds",
            f"Thresholds lie between 0 and 1, and what is possible ({perhaps}) is not above what "
            f"is a match ({sure}).",
        )
    if blocks and bank.kind in (MatchBank.Kind.PROTECTED, MatchBank.Kind.NEGATIVE):
        raise InvalidError(
            "evidence_decides",
            "What a protected work blocks is decided by its evidence; a common element never does.",
        )
    with transaction.atomic():
        version = Bank.locked().version + 1
        bank.match_at, bank.possible_at, bank.blocks = match_at, possible_at, blocks
        bank.save(update_fields=["match_at", "possible_at", "blocks"])
        _tell(actor, bank, reason)
        Screening.objects.update(rule_version="")
        corpus.grown(version, [], merely_claimed=True)
        mark_stale(kind="policy", refs=["site"])


def _tell(actor: Actor, bank: MatchBank, reason: str) -> None:
    event = BankSet(
        bank=bank.kind,
        match_at=_text(bank.match_at),
        possible_at=_text(bank.possible_at),
        blocks=bank.blocks,
    )
    reason = f"{bank.name}: {_given(reason)}"
    append(actor=actor.id, subject=subject_of(bank), event=event, statement=reason)


def _text(threshold: float | None) -> str:
    return "calibrated" if threshold is None else str(threshold)


def _given(reason: str) -> str:
    if not reason.strip():
        raise InvalidError("reason_missing", "This needs a reason.", "Write what it is, and why.")
    return reason.strip()


def _require_listable(kind: str) -> None:
    if kind == MatchBank.Kind.PROTECTED:
        raise InvalidError("protect_instead", "Protect a work to put its picture on that bank.")


def enter(
    *,
    bank: MatchBank,
    look: Look,
    image: Image | None,
    label: str,
    version: int,
    added_by: UUID | str | None,
    reason: str = "",
) -> BankEntry:
    """A row in this bank. The caller has locked the banks' version and tells why."""
    entry = BankEntry.objects.create(
        bank=bank,
        image=image,
        pdq=look.pdq,
        quality=look.quality,
        label=label,
        reason=reason,
        added_by_id=added_by,
        bank_version=version,
    )
    Features.objects.create(entry=entry, **found_by(look))
    return entry


def found_by(look: Look) -> dict[str, Any]:
    """What a listed picture keeps of its look."""
    codes = [look.pdq] if look.pdq else []
    return {
        "version": VERSION, "codes": codes, "quality": look.quality, "data": kept(look.features)
    }  # fmt: skip


def list_file(
    *, actor: Actor, bank: MatchBank, file: IO[bytes], label: str, reason: str
) -> BankEntry:
    """As `list_picture`; nothing of a file is read or kept before it is sure that it may be."""
    _require_may_list(actor, bank, label, reason)
    image = take_in(file.read(limits().max_bytes + 1))
    look = looks_of([image])[image]
    return list_picture(actor=actor, bank=bank, look=look, image=image, label=label, reason=reason)


def _require_may_list(actor: Actor, bank: MatchBank, label: str, reason: str) -> None:
    actor.require("reviewer")
    _require_listable(bank.kind)
    if not label.strip():
        raise InvalidError("label_missing", "An entry needs a name.", "Write what it is.")
    _given(reason)


def list_picture(
    *, actor: Actor, bank: MatchBank, look: Look, image: Image | None, label: str, reason: str
) -> BankEntry:
    """Put a picture on a bank other than that of protected works: a reviewer's act, with a reason.

    A negative entry says that something is a common element; like all others it can be ended.
    """
    _require_may_list(actor, bank, label, reason)
    with transaction.atomic():
        version = Bank.locked().version + 1
        entry = enter(
            bank=bank, look=look, image=image, label=label.strip()[:200], version=version,
            added_by=actor.id, reason=_given(reason),
        )  # fmt: skip
        event = BankEntryAdded(bank=bank.kind, entry=entry.pk, bank_version=version)
        append(actor=actor.id, subject=subject_of(bank), event=event, statement=entry.reason)
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
        append(
            actor=actor.id, subject=subject_of(entry.bank), event=event, statement=_given(reason)
        )
        corpus.grown(version, [], merely_claimed=True)
