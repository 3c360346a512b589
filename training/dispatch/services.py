"""A run's life in the database: claimed, leased, fenced, ended; whatever messages do.

What people do with a run is in `commands.py`; here is what workers and the sweep do.

Every write of a worker names the fence that it claimed with: a worker that was thought lost and
comes back finds that it no longer holds the run, and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.actors import SYSTEM
from accounts.models import User
from ledger.outbox import ring
from ledger.services import append
from training.dispatch.selectors import HELD, abandoned, subject_of, unattended
from training.events import RunEnded, RunPaused, RunRequeued, RunStarted
from training.models import AuditPicture, Run, RunPoint, Sample
from training.review.services.decisions import EXECUTE

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

BUILD = "registry.release.tasks.build"
LEASE = timedelta(seconds=60)
RING_AGAIN = timedelta(seconds=30)


@dataclass(frozen=True)
class Claim:
    """A worker's hold on a run: good as long as the run's fence is still this one."""

    run: UUID
    fence: int
    since: datetime


@dataclass
class Made:
    """What a run leaves for the pages, the cards and the audit."""

    samples: list[Sample] = field(default_factory=list)
    audit_pictures: list[AuditPicture] = field(default_factory=list)
    losses: dict[str, Any] = field(default_factory=dict)


class FenceLostError(Exception):
    """Another worker holds this run now, or it is over."""


def claim(run_id: UUID | str, *, device: str = "") -> Claim | None:
    """Take a queued run for `device` (none: not told apart from others).

    None where there is no such run, another worker was quicker, the device is taken, or the
    applicant has as many runs going as the site allows: then the sweep rings again.
    """
    run = Run.objects.filter(pk=run_id, state=Run.State.QUEUED).select_related("request").first()
    if run is None:
        return None
    now = timezone.now()
    with transaction.atomic():
        # of two workers that claim runs of one applicant the second counts the first one's
        User.objects.select_for_update().get(pk=run.request.applicant_id)
        going = Run.objects.filter(request__applicant=run.request.applicant_id, state__in=HELD)
        if going.count() >= settings.RUNS_AT_ONCE or not _take(run, now, device):
            return None
        # what a lost worker told of steps after its last checkpoint is told again
        append(actor=SYSTEM.id, subject=subject_of(run), event=RunStarted(fence=run.fence + 1))
    return Claim(run.pk, run.fence + 1, now)


def _take(run: Run, now: datetime, device: str) -> int:
    """Of two workers that read the same fence, the row's condition lets one through."""
    mine = Run.objects.filter(pk=run.pk, state=Run.State.QUEUED, fence=run.fence)
    try:
        with transaction.atomic():
            return mine.update(
                state=Run.State.RUNNING,
                fence=run.fence + 1,
                device=device,
                leased_until=now + LEASE,
                started_at=now,
                phase="preparing",
                outcome="",
            )
    except IntegrityError:  # the device trains another run
        return 0


def _mine(held: Claim) -> QuerySet[Run]:
    return Run.objects.filter(pk=held.run, fence=held.fence, state__in=HELD)


def heartbeat(held: Claim, **progress: Any) -> str:
    """Renew the lease and note progress; returns the run's state. Raises FenceLostError."""
    mine = _mine(held)
    if not mine.update(leased_until=timezone.now() + LEASE, **progress):
        raise FenceLostError(str(held.run))
    return mine.values_list("state", flat=True).get()


def note_point(held: Claim, *, step: int, loss: float, **metrics: float | None) -> None:
    """Keep one point of the loss plot, if the run is still held.

    Points from this step on are of an attempt that was lost after its last checkpoint: they go.
    """
    if _mine(held).exists():
        RunPoint.objects.filter(run_id=held.run, step__gte=step).delete()
        RunPoint.objects.create(run_id=held.run, step=step, loss=loss, **metrics)


def finish(held: Claim, *, state: Run.State, why: str = "", made: Made | None = None) -> None:
    """End the run or let it rest, with what it made, if it is still held. Raises FenceLostError."""
    now, made = timezone.now(), made or Made()
    with transaction.atomic():
        resting = state == Run.State.PAUSED
        if not _mine(held).update(
            state=state,
            ended_at=None if resting else now,
            leased_until=None,
            outcome=why,
            losses=made.losses,
            busy_seconds=F("busy_seconds") + (now - held.since).total_seconds(),
        ):
            raise FenceLostError(str(held.run))
        event = RunPaused(held.fence) if resting else RunEnded(str(state), held.fence)
        append(actor=SYSTEM.id, subject=f"run:{held.run}", event=event, statement=why)
        Sample.objects.filter(run_id=held.run).delete()
        Sample.objects.bulk_create(made.samples)
        AuditPicture.objects.filter(run_id=held.run).delete()
        AuditPicture.objects.bulk_create(made.audit_pictures)
        if state == Run.State.TRAINED:
            ring(BUILD, str(held.run))
        _ring_next(held)


def give_back(held: Claim) -> None:
    """Let another worker have the run, now: this one cannot train it.

    One that is being paused or cancelled, or is held by another, is left to the sweep.
    """
    with transaction.atomic():
        due = timezone.now() + RING_AGAIN
        mine = _mine(held).filter(state=Run.State.RUNNING)
        if mine.update(state=Run.State.QUEUED, leased_until=due, phase=""):
            append(actor=SYSTEM.id, subject=f"run:{held.run}", event=RunRequeued(held.fence))


def _ring_next(held: Claim) -> None:
    """The longest waiting run may have been passed over for the device's or applicant's sake."""
    ended = Run.objects.get(pk=held.run)
    waiting = Run.objects.filter(state=Run.State.QUEUED, resource=ended.resource)
    run = waiting.order_by("queued_at").first()
    if run is not None:
        ring(EXECUTE[run.resource], str(run.pk))


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
                ring(EXECUTE[run.resource], str(run.pk))
    return len(lost) + len(silent)


def _release(run: Run) -> None:
    """Take a run from a worker that stopped renewing its lease; the fence decides between two."""
    now = timezone.now()
    mine = abandoned(now).filter(pk=run.pk, fence=run.fence, state=run.state)
    spent = _spent(run)
    if run.state == Run.State.RUNNING and run.lost + 1 < settings.RUN_ATTEMPTS:
        values = {"state": Run.State.QUEUED, "leased_until": now + RING_AGAIN, "phase": ""}
        if mine.update(**values, lost=F("lost") + 1, busy_seconds=F("busy_seconds") + spent):
            requeued = RunRequeued(fence=run.fence)
            append(actor=SYSTEM.id, subject=subject_of(run), event=requeued)
            ring(EXECUTE[run.resource], str(run.pk))
        return
    state, why = LOST[Run.State(run.state)]
    why = why.format(times=run.lost + 1)
    ended = None if state == Run.State.PAUSED else now
    values = {"state": state, "ended_at": ended, "leased_until": None, "outcome": why}
    if mine.update(**values, busy_seconds=F("busy_seconds") + spent):
        event = RunPaused(run.fence) if ended is None else RunEnded(str(state), run.fence)
        append(actor=SYSTEM.id, subject=subject_of(run), event=event, statement=why)


LOST = {
    Run.State.RUNNING: (Run.State.FAILED, "Its worker was lost {times} times; see the log."),
    Run.State.CANCELLING: (Run.State.CANCELLED, "It was cancelled."),
    Run.State.PAUSING: (Run.State.PAUSED, "It was paused."),
}
"""Where a run ends up whose worker was lost, by the state that it was in."""


def _spent(run: Run) -> float:
    """Seconds from a lost worker's start to its last sign of life."""
    if run.started_at is None or run.leased_until is None:
        return 0.0
    return max(0.0, (run.leased_until - LEASE - run.started_at).total_seconds())
