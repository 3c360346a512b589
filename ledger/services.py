"""Commands of the ledger: append an entry inside the caller's transaction, erase a statement."""

from __future__ import annotations

import secrets
import uuid
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from ledger import rules
from ledger.models import Entry, Pending, Statement, SubjectHead
from ledger.rules import Event

if TYPE_CHECKING:
    from datetime import datetime


class StatementErased(Event, kind="statement.erased"):
    """The words behind `entry` were erased on request; its commitment stays."""

    entry: str


class NothingToEraseError(LookupError):
    """The entry has no statement, or it was erased before."""


def require_transaction(what: str) -> None:
    """Refuse to run outside the command's transaction: both must come true, or neither."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            f"{what} must run inside transaction.atomic(), together with the change it tells of."
        )


def append(
    *, actor: str, subject: str, event: Event, statement: str = "", at: datetime | None = None
) -> Entry:
    """Write what happened to `subject`, chained to its entry before, in the caller's transaction.

    `actor` is an opaque id. `statement` (words, personal data) is kept beside the entry, which
    holds a salted commitment to it. Raises EventRefusedError for anything that is not a code.
    Who appends to several subjects in one transaction does so in sorted order, or two of them
    may wait for each other.
    """
    require_transaction("ledger.append")
    rules.require_code("subject", subject, empty=False)
    rules.require_code("actor", actor, empty=False)
    data: dict[str, object] = {**event.codes()}
    salt = secrets.token_hex(32)
    if statement:
        data[rules.STATEMENT] = rules.commitment(salt, statement)
    head = _lock_head(subject)
    entry = Entry(
        id=uuid.uuid4(),
        subject=subject,
        position=head.length,
        kind=event.kind,
        actor=actor,
        data=rules.canonical(data),
        previous=head.digest,
        at=at or timezone.now(),
    )
    entry.digest = rules.entry_digest(entry.record())
    entry.save(force_insert=True)
    if statement:
        Statement.objects.create(entry=entry, salt=salt, text=statement)
    Pending.objects.create(entry=entry)
    SubjectHead.objects.filter(pk=subject).update(length=head.length + 1, digest=entry.digest)
    return entry


def _lock_head(subject: str) -> SubjectHead:
    """The subject's last link, locked.

    Of two writers of a first entry one inserts the row; the other's insert waits for its commit.
    """
    heads = SubjectHead.objects.select_for_update()
    head = heads.filter(pk=subject).first()
    if head is None:
        SubjectHead.objects.bulk_create([SubjectHead(subject=subject)], ignore_conflicts=True)
        head = heads.get(pk=subject)
    return head


def erase_statement(*, actor: str, entry: Entry, at: datetime | None = None) -> Entry:
    """Erase the words behind `entry` and their salt for good; the proof of the entry stays whole.

    Returns the entry that tells of it. Raises NothingToEraseError.
    """
    require_transaction("ledger.erase_statement")
    at = at or timezone.now()
    erased = Statement.objects.filter(entry=entry, erased_at=None).update(
        salt="", text="", erased_at=at
    )
    if not erased:
        raise NothingToEraseError(f"Entry {entry.pk} has no statement, or it was erased before.")
    event = StatementErased(entry=str(entry.pk))
    return append(actor=actor, subject=entry.subject, event=event, at=at)
