"""What people do with a run: pause, let it go on, try again, cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import RefusedError
from ledger.outbox import ring
from ledger.services import append
from training.dispatch import rules
from training.dispatch.selectors import commands_for, subject_of
from training.events import RunCancelRequested, RunEnded, RunPaused, RunPauseRequested, RunResumed
from training.models import Request, Run
from training.review.services.decisions import EXECUTE

if TYPE_CHECKING:
    from accounts.actors import Actor


def give(*, actor: Actor, run: Run, name: str) -> Run:
    """Give one command of the table. Raises RefusedError where it may not be given now."""
    with transaction.atomic():
        runs = Run.objects.select_for_update(of=("self",)).select_related("request")
        locked = runs.get(pk=run.pk)
        if name not in commands_for(actor, locked):
            sources = " or ".join(rules.BY_NAME[name].sources)
            raise RefusedError(
                f"cannot_{name}",
                f"This run is {locked.get_state_display()}; you cannot {name} it now.",
                f"Its applicant, a reviewer or an operator may, while it is {sources}.",
            )
        {"pause": _pause, "resume": _again, "retry": _retry, "cancel": _cancel}[name](actor, locked)
    return locked


def _pause(actor: Actor, run: Run) -> None:
    append(actor=actor.id, subject=subject_of(run), event=RunPauseRequested())
    if run.state == Run.State.QUEUED:
        run.outcome = "It was paused before it began."
        append(actor=actor.id, subject=subject_of(run), event=RunPaused(fence=run.fence))
    # a worker that holds it reads the state within a second, and lets it rest
    run.state = Run.State.PAUSED if run.state == Run.State.QUEUED else Run.State.PAUSING
    run.save(update_fields=["state", "outcome"])


def _again(actor: Actor, run: Run) -> None:
    append(actor=actor.id, subject=subject_of(run), event=RunResumed(state=run.state))
    run.state, run.queued_at = Run.State.QUEUED, timezone.now()
    run.ended_at, run.leased_until, run.outcome, run.lost = None, None, "", 0
    run.save(update_fields=["state", "queued_at", "ended_at", "leased_until", "outcome", "lost"])
    ring(EXECUTE[run.resource], str(run.pk))


def _retry(actor: Actor, run: Run) -> None:
    if run.request.state != Request.State.APPROVED:
        raise RefusedError(
            "not_approved",
            "The approval of its request was taken back.",
            "Ask for the training anew: a new request is reviewed again.",
        )
    try:
        with transaction.atomic():
            _again(actor, run)
    except IntegrityError as error:
        raise RefusedError(
            "other_run", "Another run of this request is going on.", "Look at that one."
        ) from error


def _cancel(actor: Actor, run: Run) -> None:
    append(actor=actor.id, subject=subject_of(run), event=RunCancelRequested())
    if run.state not in (Run.State.QUEUED, Run.State.PAUSED):
        run.state = Run.State.CANCELLING
        run.save(update_fields=["state"])
        return
    run.outcome = "It was cancelled while no worker had it."
    run.state, run.ended_at = Run.State.CANCELLED, timezone.now()
    run.save(update_fields=["state", "ended_at", "outcome"])
    event = RunEnded(state=str(run.state), fence=run.fence)
    append(actor=actor.id, subject=subject_of(run), event=event, statement=run.outcome)
