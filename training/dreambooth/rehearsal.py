"""A dry run: two real steps, and what the whole run would take by them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import torch

from training.dreambooth.checks import disk_bytes
from training.dreambooth.learn import MEASURED_TIMES, take_step
from training.dreambooth.progress import memory_bytes
from training.dreambooth.samples import prompt_sets

if TYPE_CHECKING:
    from training.dreambooth.job import Job
    from training.dreambooth.learn import Lesson
    from training.dreambooth.trainee import Trainee

FORWARD = 1 / 3
"""Of a training step's arithmetic, the share that a picture's way forward takes."""


def estimate(job: Job, lesson: Lesson, trainee: Trainee, ready_seconds: float) -> dict[str, Any]:
    """Seconds, memory and disk of the run, with the drawing of its class pictures beforehand.

    The first step is slow and not counted.
    """
    take_step(lesson, trainee, 0)
    _wait(lesson)
    begun = time.monotonic()
    take_step(lesson, trainee, 1)
    _wait(lesson)
    step = time.monotonic() - begun
    tuning, manifest = job.tuning, lesson.model.approved.manifest
    batch = tuning.batch_size * tuning.accumulation * (1 if lesson.prior is None else 2)
    picture = step / batch * FORWARD
    asked = len(prompt_sets(manifest, lesson.said)) + len(lesson.model.approved.names)
    drawn = asked * tuning.samples_per_prompt
    if lesson.prior is not None:
        drawn += tuning.class_count
        ready_seconds *= 2  # a process of its own, which loads the base too
    samples = drawn * tuning.sample_steps * 2 * picture  # guidance asks the UNet twice
    measured = 4 * len(lesson.pictures) * MEASURED_TIMES * picture
    return {
        "seconds": round(ready_seconds + step * tuning.steps + samples + measured, 1),
        "seconds_per_step": round(step, 4),
        "memory_bytes": memory_bytes(),
        "disk_bytes": disk_bytes(job, lesson.model.base),
        "pictures": drawn,
        "device": lesson.model.device.type,
        "learning_rate": trainee.rate,
    }


def _wait(lesson: Lesson) -> None:
    if lesson.model.device.type == "cuda":
        torch.cuda.synchronize()
