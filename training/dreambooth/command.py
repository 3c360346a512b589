"""What both command lines share: how a run ends, as an exit code and a last JSON line."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

from training.dreambooth.job import read_job
from training.dreambooth.progress import (
    FailedError,
    RefusedError,
    StoppedError,
    StopSwitch,
    emit,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from training.dreambooth.job import Job

OUT_OF_MEMORY = ("out of memory", "allocate memory")
NO_SPACE = "No space left on device"
DONE, REFUSED, STOPPED, FAILED = 0, 2, 3, 4


def execute(
    argv: list[str], work: Callable[[Job, StopSwitch], None], *, shared: bool = False
) -> int:
    """Do the `work` of the job file in `argv`; the exit code tells how it ended.

    Only `shared` work may be done by several processes.
    """
    stop = StopSwitch().listen()
    try:
        job = _job(argv)
        _require_shared(job, shared=shared)
        work(job, stop)
    except RefusedError as refusal:
        return _end(REFUSED, refusal.code, str(refusal))
    except StoppedError as stopped:
        return _end(STOPPED, "stopped", f"The run was {stopped}.")
    except FailedError as failure:
        return _end(FAILED, failure.code, str(failure))
    except OSError as error:
        return _end(FAILED, *_explain_disk(error))
    except Exception as error:
        if (told := explain(error)) is None:
            raise
        return _end(FAILED, *told)
    return DONE


def _job(argv: list[str]) -> Job:
    if len(argv) != 1:
        raise RefusedError("usage", "Give one argument: the path of the job file.")
    return read_job(Path(argv[0]))


def processes() -> int:
    """How many processes were started together for this work."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def _require_shared(job: Job, *, shared: bool) -> None:
    count = processes()
    if count > 1 and not shared:
        raise RefusedError(
            "several_processes",
            "This is for one process: start it without accelerate launch or torchrun.",
        )
    if job.tuning.accumulation % count:
        raise RefusedError(
            "several_processes",
            f"{count} processes share out the batches of a step: set accumulation to a multiple "
            f"of {count}. It is {job.tuning.accumulation}.",
        )


def _end(code: int, name: str, message: str) -> int:
    emit("error", code=name, message=message)
    return code


def _explain_disk(error: OSError) -> tuple[str, str]:
    if error.errno == errno.ENOSPC:
        return "disk_full", "The disk is full: make room, or lower checkpoint_limit."
    return "disk", f"A file could not be written or read: {error.strerror or error}."


def explain(error: Exception) -> tuple[str, str] | None:
    """A code and a sentence for what went wrong inside a library; None for a fault of our own."""
    text = str(error)
    first = text.splitlines()[0] if text else type(error).__name__
    if isinstance(error, MemoryError) or any(sign in text.lower() for sign in OUT_OF_MEMORY):
        return (
            "out_of_memory",
            "There is not enough memory: turn gradient_checkpointing on, lower batch_size (and "
            "raise accumulation by as much), lower resolution, or choose method lora.",
        )
    if NO_SPACE in text:  # safetensors has an error of its own for it
        return "disk_full", "The disk is full: make room, or lower checkpoint_limit."
    if isinstance(error, RuntimeError) or type(error).__name__ == "SafetensorError":
        return "training_failed", f"Training failed: {first}"
    return None
