"""`python -m training.dreambooth.class_pictures JOB.json`: what the base itself makes of the class.

The pictures keep the class as it was while the subject is learnt. Dispatch screens them and
lists those that may be used in the second signed manifest. Exit codes as for training.
"""

from __future__ import annotations

import sys
from io import BytesIO
from typing import TYPE_CHECKING

from training.datasets.rules import digest
from training.dreambooth import process
from training.dreambooth.checks import check_base
from training.dreambooth.command import execute
from training.dreambooth.folder import whole_folder
from training.dreambooth.progress import Phase, emit

if TYPE_CHECKING:
    from training.dreambooth.options import Job
    from training.dreambooth.progress import StopSwitch

BATCH = 8


def generate(job: Job, stop: StopSwitch) -> None:
    """Draw `class_count` pictures of the class prompt as class_pictures/<sha256>.png."""
    approved = check_base(job)
    tuning = job.tuning
    process.prepare()
    process.use_threads(tuning.threads)
    from training.dreambooth import pipeline

    model = pipeline.load(approved)
    phase, names = Phase("class_pictures", tuning.class_count), []
    with whole_folder(job.beside("class_pictures")) as folder:
        for first in range(0, tuning.class_count, BATCH):
            stop.check()
            # Seeds of their own, so that no sample starts from the noise of one of these.
            last = min(first + BATCH, tuning.class_count)
            seeds = [tuning.seed + 1_000_000 + index for index in range(first, last)]
            prompt = approved.manifest.class_prompt
            for picture in pipeline.draw(model, prompt, seeds, tuning, stop.check):
                buffer = BytesIO()
                picture.save(buffer, "PNG")
                names.append(digest(buffer.getvalue()))
                (folder / f"{names[-1]}.png").write_bytes(buffer.getvalue())
            phase.tell(last)
    emit("done", pictures=names, manifest_sha256=approved.manifest_sha256)


if __name__ == "__main__":
    sys.exit(execute(sys.argv[1:], generate))
