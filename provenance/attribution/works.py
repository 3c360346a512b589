"""Describe a work: title, year, country, what it is part of, and what others call it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.attribution import events, places
from provenance.attribution.voices import Voice, locked, require_voice, voice_in
from provenance.clearance.services import mark_stale
from provenance.models import Bank, Identifier, Work

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from accounts.actors import Actor

DESCRIBED: Final = ("title", "year", "country", "part_of")
LONGEST_TITLE: Final = 300
LEVELS: Final = 3
"""A work, what it is part of, and what that is part of: decisions read no further."""
EARLIEST: Final = 1
LATEST: Final = 2200


def describe_work(*, actor: Actor, work: Work, changes: Mapping[str, Any]) -> Work:
    """Change title, year, country or `part_of` (a Work or None); what is not given stays."""
    with transaction.atomic():
        found = locked(work)
        voice = require_voice(actor, found)
        for name in DESCRIBED:
            if name in changes:
                setattr(found, name, changes[name])
        _require_valid(found)
        if "part_of" in changes and found.part_of is not None:
            Bank.locked()  # of two that make each other a part of themselves, one sees the other
            _require_may_join(actor, voice, found, found.part_of)
        found.save(update_fields=DESCRIBED)
        event = events.WorkDescribed(
            year=found.year, country=found.country, part_of=str(found.part_of_id or "")
        )
        append(actor=actor.id, subject=f"work:{found.pk}", event=event, statement=found.title)
        mark_stale(kind="work", refs=[str(found.pk)], merely_claimed=not voice.known)
    return found


def _require_valid(work: Work) -> None:
    work.title = " ".join(work.title.split())
    if not work.title or len(work.title) > LONGEST_TITLE:
        raise InvalidError("bad_title", f"A title has between 1 and {LONGEST_TITLE} characters.")
    if work.year is not None and not EARLIEST <= work.year <= LATEST:
        raise InvalidError("bad_year", f"{work.year} is no year of a work.", "Write it in full.")
    if work.country and work.country not in places.COUNTRIES:
        raise InvalidError(
            "unknown_territory",
            f"{work.country!r} is no country known here.",
            "Write its two letters (ISO 3166), such as DE.",
        )


def _require_may_join(actor: Actor, voice: Voice, work: Work, whole: Work) -> None:
    """A permission for the whole covers its parts, so its own people decide what belongs to it."""
    theirs = voice_in(actor, whole)
    if theirs is None or (voice.known and not theirs.known):
        raise PermissionDenied(
            f"What is part of “{whole}” is for those to say who speak for it. Ask them, or an "
            "operator."
        )
    wholes = list(_wholes(Work.objects.get(pk=whole.pk)))  # as it is under the lock
    if work in wholes:
        raise InvalidError(
            "circular_part",
            f"“{whole}” is itself “{work}” or a part of it.",
            "Choose the larger work that holds both.",
        )
    below = (Work.objects.filter(part_of=work), Work.objects.filter(part_of__part_of=work))
    if len(wholes) + sum(parts.exists() for parts in below) >= LEVELS:
        raise InvalidError(
            "too_deep",
            f"A work, a larger one, and a larger one yet: more than {LEVELS} levels are not read.",
            "Name the largest of them.",
        )


def _wholes(work: Work) -> Iterator[Work]:
    """The work and what it is part of, as far as `LEVELS` go."""
    whole: Work | None = work
    for _ in range(LEVELS):
        if whole is not None:
            yield whole
            whole = whole.part_of


def add_identifier(*, actor: Actor, work: Work, scheme: str, value: str) -> Identifier:
    """What others call the work; its format is checked, not that it is so."""
    if scheme not in Identifier.Scheme.values:
        known = ", ".join(Identifier.Scheme.values)
        raise InvalidError(
            "bad_scheme", f"{scheme!r} is no kind of identifier.", f"Known: {known}."
        )
    try:
        kept = places.identifier(scheme, value)
    except ValueError as error:
        raise InvalidError(
            "bad_identifier",
            f"{value[:80]!r} is no {Identifier.Scheme(scheme).label}.",
            f"It looks like {error}.",
        ) from error
    with transaction.atomic():
        found = locked(work)
        require_voice(actor, found)
        made, is_new = Identifier.objects.get_or_create(work=found, scheme=scheme, value=kept)
        if is_new:
            event = events.IdentifierAdded(scheme=scheme)
            append(actor=actor.id, subject=f"work:{found.pk}", event=event, statement=kept)
    return made


def remove_identifier(*, actor: Actor, identifier: Identifier) -> None:
    """Take a wrong identifier off."""
    with transaction.atomic():
        require_voice(actor, locked(identifier.work))
        if not Identifier.objects.filter(pk=identifier.pk).delete()[0]:
            raise RefusedError("already_removed", "This identifier was removed before.")
        event = events.IdentifierRemoved(scheme=identifier.scheme)
        subject = f"work:{identifier.work_id}"
        append(actor=actor.id, subject=subject, event=event, statement=identifier.value)
