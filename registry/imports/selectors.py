"""Read imported models: quarantined ones are seen by their owner and by those who oversee."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404

from accounts.actors import OVERSEERS
from registry.models import ImportedModel

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.actors import Actor


def subject_of(imported: ImportedModel) -> str:
    """The import's subject in the ledger."""
    return f"import:{imported.pk}"


def visible(actor: Actor | None) -> QuerySet[ImportedModel]:
    """What `actor` may see."""
    found = ImportedModel.objects.select_related("owner")
    if actor is not None and actor.roles & OVERSEERS:
        return found
    shown = Q(state=ImportedModel.State.UNVERIFIED)
    return found.filter(shown | Q(owner=actor.id) if actor is not None else shown)


def find(actor: Actor | None, import_id: UUID | str) -> ImportedModel:
    """The import, if `actor` may see it; to a stranger it does not exist."""
    found = visible(actor).filter(pk=import_id).first()
    if found is None:
        raise Http404
    return found


def commands_for(actor: Actor | None, imported: ImportedModel) -> list[str]:
    """The commands that would not be refused to this person now."""
    if actor is None:
        return []
    owns, quarantined = str(imported.owner_id) == actor.id, imported.state == "quarantined"
    judges = "reviewer" in actor.roles and not owns and str(imported.recorded_by_id) != actor.id
    allowed = {
        "provenance": quarantined and (owns or "operator" in actor.roles),
        "accept": quarantined and judges and bool(imported.provenance),
        "quarantine": not quarantined and bool({"reviewer", "operator"} & actor.roles),
    }
    return [name for name, yes in allowed.items() if yes]
