"""Decisions about names, recorded in the ledger."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.attribution.parties import add_name, find_party, party_named
from provenance.clearance.services import mark_stale
from provenance.events import NamesakeCleared, PartyDied
from provenance.models import Level, Namesake, Party, PartyName
from provenance.naming.rules.folding import fold

if TYPE_CHECKING:
    from accounts.actors import Actor
    from accounts.models import User


@transaction.atomic
def clear_namesake(*, actor: Actor, user: User, party: Party, form: str, reason: str) -> Namesake:
    """Let `user` write `form`, which resembles a name of `party`, as it is their own proven name.

    A reviewer decides, and nobody about themselves.
    """
    actor.require("reviewer")
    if str(user.pk) == actor.id:
        raise RefusedError(
            "own_request", "Nobody decides about their own name.", "Ask another reviewer."
        )
    if not form.strip() or not reason.strip():
        raise InvalidError("words_missing", "Say which form is allowed, and why.")
    if not _is_own(user, form):
        raise RefusedError(
            "name_not_proven",
            f"“{form}” is not on record as a checked name of this user.",
            "Check the evidence of their identity first, then decide.",
        )
    made, is_new = Namesake.objects.get_or_create(
        user=user, party=party, form=form,
        defaults={"reason": reason, "decided_by_id": actor.id},
    )  # fmt: skip
    if is_new:
        event = NamesakeCleared(user=str(user.pk), decision=made.pk)
        append(actor=actor.id, subject=f"party:{party.pk}", event=event, statement=reason)
    return made


def _is_own(user: User, form: str) -> bool:
    """Whether a checked party of this checked user has a name with the same letters."""
    own = Party.objects.filter(merged_into=None, level__gte=Level.DOCUMENT_CHECKED)
    own = own.filter(members__user=user, members__level__gte=Level.DOCUMENT_CHECKED)
    names = [n for p in own for n in (p.name, *p.other_names.values_list("text", flat=True))]
    return fold(form).text in {fold(name).text for name in names}


def record_death(*, actor: Actor, party: Party, year: int | None, reason: str) -> Party:
    """Put on record in which year a person died, or that it is not known; the reason is a source.

    By a reviewer: a name of somebody long dead, without an estate, protects nobody any more.
    """
    actor.require("reviewer")
    if not reason.strip():
        raise InvalidError("reason_missing", "Say where that is known from: it is recorded.")
    if party.kind != Party.Kind.PERSON:
        raise InvalidError("no_person", f"{party} is an organisation, which does not die.")
    if year is not None and not 1 <= year <= timezone.localdate().year:
        raise InvalidError("bad_year", "Give the year as four digits, not one to come.")
    if year and party.members.filter(level__gte=Level.DOCUMENT_CHECKED).exists():
        raise RefusedError(
            "speaks_here",
            f"Somebody whose identity was checked speaks for {party} here.",
            "If they are an heir, register the estate as a party of its own first.",
        )
    with transaction.atomic():
        Party.objects.filter(pk=party.pk).update(died=year)
        event = PartyDied(year=year or 0)
        append(actor=actor.id, subject=f"party:{party.pk}", event=event, statement=reason.strip())
        mark_stale(kind="party", refs=[str(party.pk)])  # it may protect more than before, or less
    party.refresh_from_db()
    return party


COLUMNS = ("name", "kind", "aliases", "died")


def import_names(*, actor: Actor, text: str, level: Level) -> int:
    """Protect the names of a list, a CSV with the column `name`; how many parties are new.

    `kind` is person or organisation, `aliases` are parted by semicolons, `died` is a year. A name
    of a `level` below *document checked* flags and does not block. Idempotent. InvalidError names
    the column or line; then nothing is imported.
    """
    actor.require("operator")
    made = 0
    with transaction.atomic():
        for line, row in _lines_of(text):
            try:
                kind = Party.Kind(row.get("kind") or Party.Kind.PERSON)
                died = int(row["died"]) if row.get("died") else None
            except ValueError as error:
                raise InvalidError(
                    "bad_line", f"Line {line} is not understood: {error}."
                ) from error
            before = find_party(row["name"])
            party = party_named(actor=actor, name=row["name"], kind=kind, level=level)
            made += before is None
            for alias in filter(None, map(str.strip, (row.get("aliases") or "").split(";"))):
                add_name(actor=actor, party=party, text=alias, kind=PartyName.Kind.ALIAS)
            if died and before is None:
                Party.objects.filter(pk=party.pk).update(died=died)
    return made


def _lines_of(text: str) -> list[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), strict=True)
    unknown = set(reader.fieldnames or ()) - set(COLUMNS)
    if unknown or "name" not in (reader.fieldnames or ()):
        raise InvalidError("bad_columns", f"The columns are {', '.join(COLUMNS)}; name is needed.")
    try:
        return [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise InvalidError("bad_list", f"This is not a CSV file: {error}.") from error
