"""Models made with the works of those whom somebody speaks for: what a holder wants to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from provenance.models import Party, StandingBasis, Work
from registry.release.selectors import subject_of, visible

if TYPE_CHECKING:
    from accounts.actors import Actor
    from registry.models import Model, Revision


@dataclass(frozen=True)
class Using:
    """The newest revision of a model that rests on `works` of theirs."""

    revision: Revision
    works: int


def works_of(actor: Actor) -> list[str]:
    """Ids of works that parties for whom `actor` speaks made or hold."""
    works = Work.of(Party.spoken_for_by(actor.id))
    return [str(pk) for pk in works.values_list("pk", flat=True)]


def models_using(actor: Actor, works: list[str]) -> list[Using]:
    """Models with a revision that was ever released and rests on these works; newest first."""
    shown = visible(actor).filter(released_at__isnull=False).order_by("-released_at")
    # Of all that were released: without their cards, and the manifests that name every picture.
    shown = shown.select_related(None).select_related("model__owner").defer("card", "terms")
    by_subject = {subject_of(revision): revision for revision in shown}
    # Not those alone: with both lists SQLite tries each work with each model.
    resting = StandingBasis.objects.filter(kind="work", ref__in=works)
    counts = dict(resting.values_list("standing").annotate(Count("ref", distinct=True)))
    newest: dict[Model, Using] = {}
    for subject, revision in by_subject.items():
        if subject in counts:
            newest.setdefault(revision.model, Using(revision, counts[subject]))
    return list(newest.values())
