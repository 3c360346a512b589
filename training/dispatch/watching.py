"""Watch a phase: note its progress, renew the lease, and stop it when it may not go on."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from provenance.clearance.services import holds
from training.dispatch import services
from training.dispatch.admission import why_not
from training.models import Run

if TYPE_CHECKING:
    from training.dispatch.child import Child
    from training.dispatch.services import Claim

ASK_EVERY = 0.8
"""Seconds between two looks at the standing: at least one a second, reading included."""
AFTER_TRAINING = frozenset({"sample", "save"})
GRACE = 20.0
"""Seconds that a process has to end between two steps before it is killed."""
POINTS = 200
"""Points kept of a run's loss, about."""
DONE = 0


PROGRESS = (
    "phase",
    "step",
    "steps",
    "loss",
    "learning_rate",
    "steps_per_second",
    "eta_seconds",
    "memory_bytes",
)
NOTES = 50
"""Notes kept of a run, the newest."""


class WorkerLeftError(Exception):
    """The worker's main process is gone: this one trains for nobody, and gives the run back."""


class EndedError(Exception):
    """The run ends here, with a state and a sentence that says why."""

    def __init__(self, state: Run.State, why: str) -> None:
        super().__init__(why)
        self.state, self.why = state, why


@dataclass
class Watch:
    """What is known of a run while a worker holds it."""

    held: Claim
    run: Run
    progress: dict[str, Any] = field(default_factory=dict)
    noted: int = 0
    asked: float = 0.0
    parent: int = field(default_factory=os.getppid)

    def may_go_on(self) -> None:
        """Renew the lease and read the standing. Raises EndedError, or FenceLostError."""
        self.asked = time.monotonic()
        state = services.heartbeat(self.held, **self.progress)
        if os.getppid() != self.parent:
            raise WorkerLeftError(str(self.run.pk))
        self._require_time()
        if state == Run.State.PAUSING:
            raise EndedError(Run.State.PAUSED, "It was paused.")
        if state == Run.State.CANCELLING:
            raise EndedError(Run.State.CANCELLED, "It was cancelled.")
        if holds(f"run:{self.run.pk}", approved=True):
            return
        reason = why_not(self.run)
        if reason:
            raise EndedError(Run.State.HALTED, reason)

    def _require_time(self) -> None:
        spent = self.run.busy_seconds + (timezone.now() - self.held.since).total_seconds()
        if spent > settings.RUN_MAX_SECONDS:
            raise EndedError(
                Run.State.FAILED,
                f"It took longer than the {settings.RUN_MAX_SECONDS / 3600:g} hours that this site "
                "allows a run. Ask for fewer steps or a quicker pace; its checkpoint is kept.",
            )

    def follow(self, child: Child) -> dict[str, Any]:
        """Read `child` to its end; returns its "done" line. Raises EndedError where it failed."""
        stopped: EndedError | None = None
        deadline = 0.0
        last: dict[str, Any] = {}
        while not child.ended:
            line = self._note(child.next_line(ASK_EVERY / 4))
            last = line or last
            if child.orphaned and not child.ended:
                child.kill()  # the warden was killed, and nothing may outlive it
            if stopped is not None:
                if time.monotonic() > deadline:
                    child.kill()
                continue
            at_checkpoint = line is not None and line.get("event") == "checkpoint"
            if at_checkpoint or time.monotonic() - self.asked >= ASK_EVERY:
                try:
                    self.may_go_on()
                except EndedError as end:
                    stopped, deadline = end, time.monotonic() + GRACE
                    child.stop()
        code = child.wait()
        if stopped is not None:
            raise stopped
        if code != DONE or last.get("event") != "done":
            raise EndedError(Run.State.FAILED, _failure(child, code, last))
        return last

    def _note(self, line: dict[str, Any] | None) -> dict[str, Any] | None:
        """Keep what a progress line says; any other line is what the process ends with."""
        if not line:
            return None
        if line.get("event") == "note":
            said = {"code": str(line.get("code")), "message": str(line.get("message"))}
            self.progress = self.progress | {"notes": self._notes(said)}
        if line.get("event") != "progress":
            return line
        kept = {"notes": self.progress["notes"]} if "notes" in self.progress else {}
        if line.get("phase") in AFTER_TRAINING:  # steps and loss stay those of the training
            self.progress = self.progress | {"phase": line.get("phase")}
        else:
            self.progress = {name: line.get(name) for name in PROGRESS} | kept
        step, loss = int(line.get("step") or 0), line.get("loss")
        apart = max(1, int(line.get("steps") or 0) // POINTS)
        if loss is not None and (step >= self.noted + apart or step < self.noted):
            self.noted = step
            rates = {name: line.get(name) for name in ("learning_rate", "steps_per_second")}
            services.note_point(self.held, step=step, loss=float(loss), **rates)
        return None

    def _notes(self, said: dict[str, str]) -> list[dict[str, str]]:
        notes = [*self.run.notes, said | {"at": timezone.now().isoformat()}][-NOTES:]
        self.run.notes = notes
        return notes


def _failure(child: Child, code: int, last: dict[str, Any]) -> str:
    if last.get("event") == "error":
        return str(last.get("message"))
    words = child.last_words()
    return f"The trainer ended with code {code} without a word. {words}".strip()
