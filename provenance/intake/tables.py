"""Apply a table of declarations to the pictures of a set, matched by file name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accounts.errors import InvalidError
from provenance.attribution.services import declare
from provenance.attribution.table import decode_table, read_table
from provenance.intake.services import clean_filename
from provenance.models import Evidence

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.actors import Actor
    from provenance.models import ImageSet


@dataclass(frozen=True)
class Declared:
    """How many pictures a table was applied to, and the names of those it leaves out."""

    declared: int
    unnamed: list[str]


def declare_table(*, actor: Actor, image_set: ImageSet, data: bytes) -> Declared:
    """Apply a CSV to a set, all or nothing. Its `evidence` names one's own evidence.

    Raises InvalidError naming the column, the line or the file that is wrong.
    """
    items: dict[str, list[UUID]] = {}
    for pk, filename in image_set.items.values_list("pk", "filename"):
        items.setdefault(filename, []).append(pk)
    changes: dict[UUID, dict[str, Any]] = {}
    for row in read_table(decode_table(data)):
        name = clean_filename(row.path)
        if name not in items:
            raise InvalidError(
                "unknown_file",
                f"Line {row.line} names {name!r}, which is not in this set.",
                "Write the file names as the set shows them.",
            )
        if len(items[name]) > 1:
            raise InvalidError(
                "ambiguous_file",
                f"Line {row.line} names {name!r}, and {len(items[name])} pictures are called that.",
                "Declare them one by one.",
            )
        stated = row.changes
        if "evidence" in stated:
            stated["evidence"] = own_evidence(actor, stated["evidence"])
        changes[items[name][0]] = stated
    declare(actor=actor, image_set=image_set, changes=changes)
    named = {pk for pks in items.values() for pk in pks if pk in changes}
    left = [name for name, pks in items.items() if not named & set(pks)]
    return Declared(len(changes), sorted(left))


def own_evidence(actor: Actor, text: str) -> str:
    """The id of one's own evidence, named by its id or, where it is the only one, its title."""
    mine = Evidence.objects.filter(submitted_by__pk=actor.id)
    found = [e for e in mine if str(e.pk) == text or e.title == text]
    if len(found) != 1:
        raise InvalidError(
            "unknown_evidence",
            f"{text!r} names no evidence of yours, or more than one.",
            "Upload the evidence first, and write its id into the column 'evidence'.",
        )
    return str(found[0].pk)
