"""`python -m training.dreambooth JOB.json [--dry-run]`: train what was approved, nothing else.

Exit codes: 0 done, 2 refused before training, 3 stopped by SIGTERM, 4 failed in training.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from training.dreambooth import process
from training.dreambooth.checks import check_run
from training.dreambooth.command import execute
from training.dreambooth.folder import whole_folder, write_json
from training.dreambooth.progress import Phase, emit

if TYPE_CHECKING:
    from pathlib import Path

    from training.dreambooth.job import Job
    from training.dreambooth.learn import Lesson
    from training.dreambooth.model import Model
    from training.dreambooth.progress import StopSwitch
    from training.dreambooth.trainee import Trainee


def run(job: Job, stop: StopSwitch) -> None:
    """Check, load, cache, train, sample, save; `output` appears when all of it succeeded."""
    begun = time.monotonic()
    model, lesson, trainee = _ready(job, stop)
    from training.dreambooth import learn, saving
    from training.dreambooth.checkpoints import Keeper
    from training.dreambooth.samples import validator

    crew, keeper = lesson.crew, Keeper(job, model)
    show = validator(job, model, trainee, stop)
    if not crew.leads:
        learn.train(lesson, trainee, keeper, stop, show)
        crew.leave()
        return
    with whole_folder(job.beside("output")) as folder:
        before = _losses(lesson, stop)
        loss = learn.train(lesson, trainee, keeper, stop, show)
        crew.leave()
        _finish(job, model, lesson, trainee, folder, stop, before)
        seconds = time.monotonic() - begun
        saving.save_record(model, job, folder, rate=trainee.rate, seconds=seconds, loss=loss)
        stop.check()
    emit(
        "done",
        seconds=round(seconds, 2),
        loss=loss,
        manifest_sha256=model.approved.manifest_sha256,
        job_sha256=job.sha256,
    )


def rehearse(job: Job, stop: StopSwitch) -> None:
    """All checks, the base, two steps; says what the run would take, and leaves nothing."""
    begun = time.monotonic()
    _, lesson, trainee = _ready(job, stop)
    from training.dreambooth.rehearsal import estimate

    told = estimate(job, lesson, trainee, time.monotonic() - begun)
    emit("estimate", **told)
    emit("done", **told)


def _ready(job: Job, stop: StopSwitch) -> tuple[Model, Lesson, Trainee]:
    """Everything before the first step."""
    approved = check_run(job)
    phase = Phase("load", 1)
    phase.tell(0)
    process.prepare(compiles=job.tuning.compile)
    process.use_threads(job.tuning.threads)
    from training.dreambooth import learn
    from training.dreambooth.memory import advise
    from training.dreambooth.model import Model
    from training.dreambooth.trainee import Trainee

    process.settle(job.tuning)
    model = Model(approved, job.tuning)
    advise(model, job.tuning)
    phase.tell(1)
    lesson = learn.prepare(model, approved, job.tuning, stop)
    trainee = Trainee(model, job.tuning)
    model.confirm()
    return model, lesson, trainee


def _losses(lesson: Lesson, stop: StopSwitch) -> dict[str, list[float]]:
    from training.dreambooth.learn import measure

    own = measure(lesson, lesson.pictures, list(lesson.said), stop)
    if lesson.prior is None:
        return {"pictures": own, "class_pictures": []}
    compared = [lesson.prior_said] * min(len(own), len(lesson.prior))
    return {"pictures": own, "class_pictures": measure(lesson, lesson.prior, compared, stop)}


def _finish(
    job: Job,
    model: Model,
    lesson: Lesson,
    trainee: Trainee,
    folder: Path,
    stop: StopSwitch,
    before: dict[str, list[float]],
) -> None:
    """Measure, merge, sample and save what was trained."""
    from training.dreambooth import lora, samples, saving
    from training.dreambooth.model import as_pipeline

    trainee.finish()
    after, said = _losses(lesson, stop), saving.metadata(model, job)
    names = [image.normalised_sha256 for image in model.approved.manifest.images]
    rows = zip(names, before["pictures"], after["pictures"], strict=True)
    table = [{"sha256": name, "before": old, "after": new} for name, old, new in rows]
    others = zip(before["class_pictures"], after["class_pictures"], strict=True)
    pairs = [{"before": old, "after": new} for old, new in others]
    write_json(folder / "losses.json", {"pictures": table, "class_pictures": pairs})
    if job.tuning.method == "lora":
        lora.save(trainee.modules, job.tuning, folder / "lora", said)
        lora.merge(trainee.modules)
    pipeline = as_pipeline(model)
    model.confirm()
    samples.save(pipeline, model, lesson, model.approved.manifest, folder, stop)
    phase = Phase("save", 1)
    phase.tell(0)
    saving.save_pipeline(pipeline, folder / "pipeline", list(trainee.modules), said)
    phase.tell(1)


if __name__ == "__main__":
    arguments = [one for one in sys.argv[1:] if one != "--dry-run"]
    if "--dry-run" in sys.argv:
        sys.exit(execute(arguments, rehearse))
    sys.exit(execute(arguments, run, shared=True))
