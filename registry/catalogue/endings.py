"""What ends soon: permissions with a last day, and the models, requests and sets that need them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.actors import OVERSEERS
from provenance.clearance.selectors import ending
from provenance.intake import selectors as intake
from provenance.models import ImageSet
from registry.models import Revision
from registry.release import selectors as release
from training.models import Request
from training.review import selectors as review

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from accounts.models import User


@dataclass(frozen=True)
class Ends:
    """A permission, its last day, and what rests on it by name."""

    grant: UUID
    party: str
    on: date
    models: tuple[str, ...]
    requests: tuple[str, ...]
    sets: tuple[str, ...]


def endings(user: User, *, days: int, own: bool = False) -> list[Ends]:
    """Of what is the user's `own`, or of everything for those who oversee; soonest first."""
    every = bool(user.roles & OVERSEERS) and not own
    sets = ImageSet.objects.all() if every else ImageSet.objects.filter(owner=user)
    requests = Request.objects.all() if every else Request.objects.filter(applicant=user)
    released = Revision.objects.filter(state=Revision.State.RELEASED).select_related("model__owner")
    models = released if every else released.filter(model__owner=user)
    names = {
        "models": {release.subject_of(one): str(one.model) for one in models},
        "requests": {review.subject_of(one): str(one) for one in requests},
        "sets": {intake.subject_of(one): str(one) for one in sets},
    }
    subjects = [subject for named in names.values() for subject in named]
    return [
        Ends(
            grant=one.grant.pk,
            party=one.grant.assigner.name,
            on=one.on,
            **{
                kind: tuple(sorted({named[s] for s in one.subjects if s in named}))
                for kind, named in names.items()
            },
        )
        for one in ending(subjects, today=timezone.now().date(), days=days)
    ]
