"""What a run tells its parent: JSON lines on stdout, and a request to stop by SIGTERM."""

from __future__ import annotations

import json
import math
import os
import resource
import signal
import sys
import time
from typing import TYPE_CHECKING, Any, NoReturn

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
            self.end()

    def end(self) -> NoReturn:
        raise StoppedError("stopped by SIGTERM")

    def _pull(self, _number: int, _frame: FrameType | None) -> None:
        self.pulled = True


class Phase:
    """Counts the steps of one phase and says so, about five times a second and at the end."""

    def __init__(self, name: str, steps: int, first: int = 0) -> None:
        self.name, self.steps, self._first = name, steps, first
        self._begun = time.monotonic()
        self._told = -math.inf

    def due(self, step: int) -> bool:
        """Whether `step` is to be told: only then is a loss fetched from the device."""
        return step >= self.steps or time.monotonic() - self._told >= INTERVAL

    def tell(self, step: int, loss: float | None = None, rate: float | None = None) -> None:
        self._told = time.monotonic()
        seconds = max(self._told - self._begun, 1e-9)
        pace = (step - self._first) / seconds
        emit(
            "progress",
            phase=self.name,
            step=step,
            steps=self.steps,
            loss=None if loss is None else round(loss, 6),
            learning_rate=rate,
            steps_per_second=round(pace, 3),
            eta_seconds=round((self.steps - step) / pace, 1) if pace else None,
            memory_bytes=memory_bytes(),
        )


def memory_bytes() -> int | None:
    """Most memory that this process held so far, in bytes; a GPU's where one is used."""
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available() and torch.cuda.is_initialized():
        return int(torch.cuda.max_memory_allocated())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1 if sys.platform == "darwin" else 1024)


def emit(event: str, **fields: Any) -> None:
    """One JSON line, flushed, so that the parent sees it at once.

    Of several processes the first one speaks, and the others only of their errors.
    """
    if os.environ.get("RANK", "0") != "0" and event != "error":
        return
    sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
    sys.stdout.flush()
