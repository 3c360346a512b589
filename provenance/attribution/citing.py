"""Find what a command names: one's own evidence to cite, and parties by id or by name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from accounts.errors import InvalidError, RefusedError
from provenance.attribution.parties import party_named
from provenance.models import Evidence, Level, Party

if TYPE_CHECKING:
    from accounts.actors import Actor


def cited(actor: Actor, evidence_id: str) -> Evidence | None:
    """One's own evidence, not checked yet; None where none is named.

    Locked until the caller's transaction ends: a check that began meanwhile waits, and is refused
    for what it did not look at.
    """
    if not evidence_id:
        return None
    mine = Evidence.objects.filter(submitted_by__pk=actor.id).select_for_update(of=("self",))
    with transaction.atomic():
        found = mine.filter(pk=evidence_id).first() if uuid_of(evidence_id) else None
    if found is None:
        raise InvalidError(
            "unknown_evidence", "You have not stored this evidence.", "Upload it first."
        )
    if found.checked_at is not None and found.title_level > Level.SELF_DECLARED:
        raise RefusedError(
            "evidence_checked_before",
            f"“{found}” has been checked, for the works that cited it then.",
            "Upload it once more for these works, so that it is checked for them too.",
        )
    return found


def party_said(actor: Actor, text: str, kind: Party.Kind) -> Party:
    """The party of this id, or of this name (put on record where it is new)."""
    if uuid_of(text) is None:
        return party_named(actor=actor, name=text, kind=kind)
    found = Party.objects.filter(pk=text).first()
    if found is None:
        raise InvalidError("unknown_party", "No party has this id.", "Look it up by its name.")
    return found.merged_into or found


def uuid_of(text: str) -> UUID | None:
    """The id that `text` is, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None
