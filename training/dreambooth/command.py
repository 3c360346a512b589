"""What both command lines share: how a run ends, as an exit code and a last JSON line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from training.dreambooth.options import read_job
from training.dreambooth.progress import (
    FailedError,
    RefusedError,
    StoppedError,
    StopSwitch,
    emit,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from training.dreambooth.options import Job

DONE, REFUSED, STOPPED, FAILED = 0, 2, 3, 4


def execute(argv: list[str], work: Callable[[Job, StopSwitch], None]) -> int:
    """Do the `work` of the job file in `argv`; the exit code tells how it ended."""
    stop = StopSwitch().listen()
    try:
        work(_job(argv), stop)
    except RefusedError as refusal:
        return _end(REFUSED, refusal.code, str(refusal))
    except StoppedError as stopped:
        return _end(STOPPED, "stopped", f"The run was {stopped}.")
    except FailedError as failure:
        return _end(FAILED, failure.code, str(failure))
    except OSError as error:
        return _end(FAILED, "disk", f"A file could not be written or read: {error.strerror}.")
    except (MemoryError, RuntimeError) as error:
        return _end(FAILED, *_explain(error))
    return DONE


def _job(argv: list[str]) -> Job:
    if len(argv) != 1:
        raise RefusedError("usage", "Give one argument: the path of the job file.")
    return read_job(Path(argv[0]))


def _end(code: int, name: str, message: str) -> int:
    emit("error", code=name, message=message)
    return code


def _explain(error: Exception) -> tuple[str, str]:
    text = str(error)
    memory = "out of memory" in text.lower() or "allocate memory" in text.lower()
    if memory or isinstance(error, MemoryError):
        return "out_of_memory", "There is not enough memory: lower batch_size or resolution."
    first = text.splitlines()[0] if text else type(error).__name__
    return "training_failed", f"Training failed: {first}"
