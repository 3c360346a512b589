"""Free words that people wrote into records, and their erasure where they are a party's or of it.

Titles, names of sets and references stay: by them works are known, and others' names kept out.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db.models import Q

from provenance.models import (
    Ask,
    ConsentLink,
    CreatorNotice,
    CustodyEntry,
    Dispute,
    Evaluation,
    Evidence,
    FactsRecord,
    Grant,
    Reservation,
    Resolution,
    SetImage,
    TerritoryStatus,
)

if TYPE_CHECKING:
    from django.db.models import Model

    from provenance.models import Party

ERASED: Final = "[erased]"


class Written(NamedTuple):
    """Columns that hold free words, and the column of the party whose own they are, if any's."""

    model: type[Model]
    columns: tuple[str, ...]
    own: str = ""


WRITTEN: Final = (
    Written(Ask, ("answer_note",), "party"),
    Written(Ask, ("purpose", "message")),
    Written(CreatorNotice, ("words",), "creator"),
    Written(CustodyEntry, ("who", "note")),
    Written(Dispute, ("statement",), "claimant"),
    Written(Dispute, ("resolution",)),
    Written(Evidence, ("title", "check_note")),
    Written(Grant, ("revocation_reason",), "assigner"),
    Written(Reservation, ("statement",), "party"),
    Written(Resolution, ("reason",)),
    Written(SetImage, ("filename", "collector")),
    Written(TerritoryStatus, ("reason",)),
)


def names_of(party: Party) -> set[str]:
    """Everything by which a text may speak of the party: names, its addresses and its members'."""
    other = party.other_names.values_list("text", flat=True)
    members = party.members.values_list("user__email", flat=True)
    contacts = party.contacts.values_list("value", flat=True)
    return {word for word in (party.name, *other, *members, *contacts) if word.strip()}


class Mentions:
    """Tells which texts speak of a party: any of its names as a whole word, "Al" not in "also"."""

    def __init__(self, party: Party) -> None:
        words = sorted((re.escape(_folded(n)) for n in names_of(party)), key=len, reverse=True)
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)")

    def __call__(self, text: str) -> bool:
        return self._pattern.search(_folded(text)) is not None


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def erase_writing(party: Party, mentions: Mentions) -> None:
    """Put `ERASED` in the place of the party's own words and of those that mention it."""
    for written in WRITTEN:
        for column in written.columns:
            _erase_column(written, column, party, mentions)
    for link in ConsentLink.objects.filter(party=party):
        words = {key: ERASED for key in ("note", "reason") if link.answer.get(key)}
        ConsentLink.objects.filter(pk=link.pk).update(answer=link.answer | words)
    _erase_past_decisions(mentions)


def _erase_column(written: Written, column: str, party: Party, mentions: Mentions) -> None:
    rows = written.model._default_manager.exclude(**{column: ""})  # noqa: SLF001 - documented
    if written.own:
        rows.filter(**{written.own: party}).update(**{column: ERASED})
    found = rows.values_list("pk", column).iterator(chunk_size=1000)
    about = [pk for pk, text in found if mentions(text)]
    for pk in about:
        rows.filter(pk=pk).update(**{column: ERASED})


def _erase_past_decisions(mentions: Mentions) -> None:
    """Their sentences and their facts. What holds now is said again from the records each time."""
    current = Q(standing__isnull=False)
    for past in Evaluation.objects.exclude(current).iterator(chunk_size=100):
        findings = [_without_words(finding, mentions) for finding in past.findings]
        if findings != past.findings:
            Evaluation.objects.filter(pk=past.pk).update(findings=findings)
    facts = FactsRecord.objects.exclude(evaluation__standing__isnull=False).exclude(body="")
    for record in facts.iterator(chunk_size=10):
        if mentions(record.body):
            FactsRecord.objects.filter(pk=record.pk).update(body="")


def _without_words(finding: dict[str, Any], mentions: Mentions) -> dict[str, Any]:
    if not mentions(f"{finding['explanation']} {finding['remedy']}"):
        return finding
    return finding | {"explanation": ERASED, "remedy": ERASED}
