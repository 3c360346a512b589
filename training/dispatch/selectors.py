"""Read runs: whom each may be shown to, and which of them need somebody to look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404

from accounts.actors import OVERSEERS
from training.dispatch import rules
from training.models import Run

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.actors import Actor

HELD = (Run.State.RUNNING, Run.State.PAUSING, Run.State.CANCELLING)
"""States in which a worker holds the lease."""
LIVE = (Run.State.QUEUED, Run.State.PAUSED, *HELD)
"""States that are not the end of a run."""


def subject_of(run: Run) -> str:
    """The run's subject in the ledger and among the standings."""
    return f"run:{run.pk}"


def visible(actor: Actor) -> QuerySet[Run]:
    """Runs of one's own requests; reviewers, auditors and operators see all."""
    found = Run.objects.select_related("request__applicant", "request__base", "manifest")
    if actor.roles & OVERSEERS:
        return found
    return found.filter(Q(request__applicant=actor.id))


def find(actor: Actor, run_id: UUID | str) -> Run:
    """The run, if `actor` may see it; to a stranger it does not exist."""
    found = visible(actor).filter(pk=run_id).first()
    if found is None:
        raise Http404
    return found


def commands_for(actor: Actor, run: Run) -> list[str]:
    """The commands that would not be refused now."""
    own = str(run.request.applicant_id) == actor.id
    return rules.allowed(state=run.state, roles=actor.roles, is_own=own)


def version_of(run: Run) -> str:
    """Changes whenever something about the run does that people wait for."""
    return f"{run.state}-{run.fence}-{run.phase}-{run.step}-{len(run.notes)}"


def abandoned(now: datetime) -> QuerySet[Run]:
    """Runs whose worker stopped renewing its lease."""
    return Run.objects.filter(state__in=HELD, leased_until__lt=now)


def unattended(now: datetime) -> QuerySet[Run]:
    """Queued runs for which no doorbell rang lately."""
    silent = Q(leased_until=None) | Q(leased_until__lt=now)
    return Run.objects.filter(silent, state=Run.State.QUEUED)
