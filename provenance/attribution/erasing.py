"""Erase the words by and about a party, beside the ledger and in records. Entries stay provable.

A party's name stays on its own record while works are credited to it and others may not use it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.errors import RefusedError
from ledger.models import Entry, Statement
from ledger.services import NothingToEraseError, append, erase_statement
from provenance.attribution.writing import Mentions, erase_writing
from provenance.events import ErasureRequested, PartyErased
from provenance.models import Grant, Party

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from accounts.actors import Actor


def subject_of(party: Party) -> str:
    """The party's name in the ledger."""
    return f"party:{party.pk}"


def open_requests() -> QuerySet[Entry]:
    """Requests for erasure that nobody has carried out since, oldest first."""
    later = Entry.objects.filter(
        kind=PartyErased.kind, subject=OuterRef("subject"), position__gt=OuterRef("position")
    )
    asked = Entry.objects.filter(kind=ErasureRequested.kind)
    return asked.filter(~Exists(later)).order_by("at")


@transaction.atomic
def request_erasure(*, actor: Actor, party: Party) -> Entry:
    """Ask an operator to erase the party's words; asking twice is asking once."""
    if not Party.spoken_for_by(actor.id).filter(pk=party.pk).exists():
        raise PermissionDenied(
            "Only somebody who speaks for a party can ask for this. Claim the party first, or "
            "write to the operator of this site."
        )
    asked = open_requests().filter(subject=subject_of(party)).first()
    return asked or append(actor=actor.id, subject=subject_of(party), event=ErasureRequested())


@transaction.atomic
def erase_party(*, actor: Actor, party: Party) -> int:
    """Erase every statement by or about `party`, with its salt; how many. An operator's act.

    With them go its own free words in records and those that mention it.
    What is said while this runs is either seen here or comes later than the erasure.
    """
    actor.require("operator")
    found: dict[str, list[Entry]] = defaultdict(list)
    mentions = Mentions(party)
    for statement in _statements_of(party, mentions):
        found[statement.entry.subject].append(statement.entry)
    own = subject_of(party)
    count = sum(map(len, found.values()))
    erase_writing(party, mentions)
    for subject in sorted({*found, own}):  # in order, so that no two erasures wait for each other
        for entry in found[subject]:
            erase_statement(actor=actor.id, entry=entry)
        if subject == own:
            append(actor=actor.id, subject=own, event=PartyErased(statements=count))
    return count


@transaction.atomic
def erase_words(*, actor: Actor, entry: Entry) -> Entry:
    """Erase the words behind one entry; returns the entry that tells of it. An operator's act."""
    actor.require("operator")
    try:
        return erase_statement(actor=actor.id, entry=entry)
    except NothingToEraseError as error:
        raise RefusedError(
            "nothing_to_erase",
            "No words stand behind this entry: it never had any, or they were erased before.",
        ) from error


def _statements_of(party: Party, mentions: Mentions) -> Iterator[Statement]:
    """What was said under the party's own subjects, and whatever speaks of it by name."""
    grants = Grant.objects.filter(assigner=party).values_list("pk", flat=True)
    subjects = {subject_of(party), *(f"grant:{grant}" for grant in grants)}
    kept = Statement.objects.filter(erased_at=None).select_related("entry").order_by("pk")
    for statement in kept.iterator(chunk_size=1000):
        if statement.entry.subject in subjects or mentions(statement.text):
            yield statement
