"""Watch a phase: note its progress, renew the lease, and stop it when it may not go on."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

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

    def may_go_on(self) -> None:
        """Renew the lease and read the standing. Raises EndedError, or FenceLostError."""
        self.asked = time.monotonic()
        state = services.heartbeat(self.held, **self.progress)
        if state == Run.State.CANCELLING:
            raise EndedError(Run.State.CANCELLED, "It was cancelled.")
        if holds(f"run:{self.run.pk}", approved=True):
            return
        reason = why_not(self.run)
        if reason:
            raise EndedError(Run.State.HALTED, reason)

    def follow(self, child: Child) -> dict[str, Any]:
        """Read `child` to its end; returns its "done" line. Raises EndedError where it failed."""
        stopped: EndedError | None = None
        deadline = 0.0
        last: dict[str, Any] = {}
        while not child.ended:
            last = self._note(child.next_line(ASK_EVERY / 4)) or last
            if stopped is not None:
                if time.monotonic() > deadline:
                    child.kill()
                continue
            if time.monotonic() - self.asked >= ASK_EVERY:
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
        if line.get("event") != "progress":
            return line
        names = ("phase", "step", "steps", "loss", "steps_per_second")
        if line.get("phase") in AFTER_TRAINING:  # steps and loss stay those of the training
            self.progress = self.progress | {"phase": line.get("phase")}
        else:
            self.progress = {name: line.get(name) for name in names}
        step, loss = int(line.get("step") or 0), line.get("loss")
        apart = max(1, int(line.get("steps") or 0) // POINTS)
        if loss is not None and (step >= self.noted + apart or step < self.noted):
            self.noted = step
            services.note_point(self.held, step=step, loss=float(loss))
        return None


def _failure(child: Child, code: int, last: dict[str, Any]) -> str:
    if last.get("event") == "error":
        return str(last.get("message"))
    words = child.last_words()
    return f"The trainer ended with code {code} without a word. {words}".strip()
