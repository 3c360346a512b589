"""What a run tells its parent: JSON lines on stdout, and a request to stop by SIGTERM."""

from __future__ import annotations

import json
import math
import signal
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import FrameType

INTERVAL = 0.2
"""Seconds between two progress lines of one phase."""


class RefusedError(Exception):
    """The run may not start: a code for programs and a sentence for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class FailedError(Exception):
    """The run started and cannot be finished: a code and a sentence, as above."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class StoppedError(Exception):
    """SIGTERM came; nothing half-written is left."""


class StopSwitch:
    """Remembers SIGTERM, so that the run ends between two steps and not inside one."""

    def __init__(self) -> None:
        self.pulled = False

    def listen(self) -> StopSwitch:
        signal.signal(signal.SIGTERM, self._pull)
        return self

    def check(self) -> None:
        if self.pulled:
            raise StoppedError("stopped by SIGTERM")

    def _pull(self, _number: int, _frame: FrameType | None) -> None:
        self.pulled = True


class Phase:
    """Counts the steps of one phase and says so, about five times a second and at the end."""

    def __init__(self, name: str, steps: int) -> None:
        self.name, self.steps = name, steps
        self._begun = time.monotonic()
        self._told = -math.inf

    def due(self, step: int) -> bool:
        """Whether `step` is to be told: only then is a loss fetched from the device."""
        return step >= self.steps or time.monotonic() - self._told >= INTERVAL

    def tell(self, step: int, loss: float | None = None) -> None:
        self._told = time.monotonic()
        seconds = max(self._told - self._begun, 1e-9)
        emit(
            "progress",
            phase=self.name,
            step=step,
            steps=self.steps,
            loss=None if loss is None else round(loss, 6),
            steps_per_second=round(step / seconds, 3),
        )


def emit(event: str, **fields: Any) -> None:
    """One JSON line, flushed, so that the parent sees it at once."""
    sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
    sys.stdout.flush()
