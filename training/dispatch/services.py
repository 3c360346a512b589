"""A run's life in the database: claimed, leased, fenced, ended; whatever messages do.

Every write of a worker names the fence that it claimed with: a worker that was thought lost and
comes back finds that it no longer holds the run, and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from accounts.actors import SYSTEM
from accounts.errors import RefusedError
from ledger.outbox import ring
from ledger.services import append
from training.dispatch.selectors import HELD, abandoned, may_cancel, subject_of, unattended
from training.events import RunCancelRequested, RunEnded, RunRequeued, RunStarted
from training.models import Run, RunPoint, Sample

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from accounts.actors import Actor

EXECUTE = "training.dispatch.tasks.execute"
BUILD = "registry.release.tasks.build"
LEASE = timedelta(seconds=60)
RING_AGAIN = timedelta(seconds=30)
ATTEMPTS = 3


@dataclass(frozen=True)
class Claim:
    """A worker's hold on a run: good as long as the run's fence is still this one."""

    run: UUID
    fence: int


class FenceLostError(Exception):
    """Another worker holds this run now, or it is over."""


def claim(run_id: UUID | str) -> Claim | None:
    """Take a queued run; None if there is none or another worker was quicker."""
    run = Run.objects.filter(pk=run_id, state=Run.State.QUEUED).first()
    if run is None:
        return None
    now = timezone.now()
    fence = run.fence + 1
    with transaction.atomic():
        # of two workers that read the same fence, the row's condition lets one through
        won = Run.objects.filter(pk=run.pk, state=Run.State.QUEUED, fence=run.fence).update(
            state=Run.State.RUNNING,
            fence=fence,
            leased_until=now + LEASE,
            started_at=now,
            phase="preparing",
            step=0,
            steps=0,
        )
        if not won:
            return None
        RunPoint.objects.filter(run=run).delete()  # of an attempt whose worker was lost
        append(actor=SYSTEM.id, subject=subject_of(run), event=RunStarted(fence=fence))
    return Claim(run.pk, fence)


def heartbeat(held: Claim, **progress: Any) -> str:
    """Renew the lease and note progress; returns the run's state. Raises FenceLostError."""
    mine = Run.objects.filter(pk=held.run, fence=held.fence, state__in=HELD)
    if not mine.update(leased_until=timezone.now() + LEASE, **progress):
        raise FenceLostError(str(held.run))
    return mine.values_list("state", flat=True).get()


def note_point(held: Claim, *, step: int, loss: float) -> None:
    """Keep one point of the loss plot, if the run is still held."""
    if Run.objects.filter(pk=held.run, fence=held.fence, state__in=HELD).exists():
        RunPoint.objects.create(run_id=held.run, step=step, loss=loss)


def finish(held: Claim, *, state: Run.State, why: str = "", samples: Iterable[Sample] = ()) -> None:
    """End the run, with what it made, if it is still held. Raises FenceLostError."""
    with transaction.atomic():
        mine = Run.objects.filter(pk=held.run, fence=held.fence, state__in=HELD)
        if not mine.update(state=state, ended_at=timezone.now(), leased_until=None, outcome=why):
            raise FenceLostError(str(held.run))
        event = RunEnded(state=str(state), fence=held.fence)
        append(actor=SYSTEM.id, subject=f"run:{held.run}", event=event, statement=why)
        Sample.objects.filter(run_id=held.run).delete()
        Sample.objects.bulk_create(samples)
        if state == Run.State.TRAINED:
            ring(BUILD, str(held.run))


def cancel(*, actor: Actor, run: Run) -> Run:
    """End a run early: at once while it is queued, by its worker while it trains."""
    with transaction.atomic():
        locked = (
            Run.objects.select_for_update(of=("self",)).select_related("request").get(pk=run.pk)
        )
        if not may_cancel(actor, locked):
            raise RefusedError(
                "cannot_cancel",
                f"This run is {locked.get_state_display()} and cannot be cancelled by you now.",
                "Its applicant, a reviewer or an operator may, while it is queued or running.",
            )
        append(actor=actor.id, subject=subject_of(locked), event=RunCancelRequested())
        if locked.state == Run.State.QUEUED:
            _end_queued(locked, actor)
        else:
            locked.state = Run.State.CANCELLING
            locked.save(update_fields=["state"])
    return locked


def _end_queued(run: Run, actor: Actor) -> None:
    run.state, run.ended_at = Run.State.CANCELLED, timezone.now()
    run.outcome = "It was cancelled before it began."
    run.save(update_fields=["state", "ended_at", "outcome"])
    event = RunEnded(state=str(run.state), fence=run.fence)
    append(actor=actor.id, subject=subject_of(run), event=event, statement=run.outcome)


def sweep() -> int:
    """Find runs that nobody looks after, and have them looked at; returns how many there were."""
    now = timezone.now()
    lost = list(abandoned(now))
    for run in lost:
        with transaction.atomic():
            _release(run)
    silent = list(unattended(now))
    for run in silent:
        with transaction.atomic():
            due = now + RING_AGAIN
            if unattended(now).filter(pk=run.pk).update(leased_until=due):
                ring(EXECUTE, str(run.pk))
    return len(lost) + len(silent)


def _release(run: Run) -> None:
    """Take a run from a worker that stopped renewing its lease; the fence decides between two."""
    mine = abandoned(timezone.now()).filter(pk=run.pk, fence=run.fence, state=run.state)
    if run.state == Run.State.RUNNING and run.fence < ATTEMPTS:
        if mine.update(state=Run.State.QUEUED, leased_until=timezone.now() + RING_AGAIN, phase=""):
            event = RunRequeued(fence=run.fence)
            append(actor=SYSTEM.id, subject=subject_of(run), event=event)
            ring(EXECUTE, str(run.pk))
        return
    if run.state == Run.State.CANCELLING:
        state, why = Run.State.CANCELLED, "It was cancelled."
    else:
        state, why = Run.State.FAILED, f"Its worker was lost {ATTEMPTS} times; see the log."
    if mine.update(state=state, ended_at=timezone.now(), leased_until=None, outcome=why):
        ended = RunEnded(state=str(state), fence=run.fence)
        append(actor=SYSTEM.id, subject=subject_of(run), event=ended, statement=why)
