"""`python -m training.dreambooth JOB.json`: train what was approved, and nothing else.

Exit codes: 0 done, 2 refused before training, 3 stopped by SIGTERM, 4 failed in training.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from training.dreambooth import process
from training.dreambooth.checks import check_run
from training.dreambooth.command import execute
from training.dreambooth.folder import whole_folder
from training.dreambooth.progress import Phase, emit

if TYPE_CHECKING:
    from training.dreambooth.options import Job
    from training.dreambooth.progress import StopSwitch


def run(job: Job, stop: StopSwitch) -> None:
    """Check, load, train, sample, save; `output` appears when all of it succeeded."""
    begun = time.monotonic()
    approved = check_run(job)
    load_phase = Phase("load", 1)
    load_phase.tell(0)
    process.prepare()
    process.use_threads(job.tuning.threads)
    from training.dreambooth import learn, pipeline, saving

    model = pipeline.load(approved)
    load_phase.tell(1)
    with whole_folder(job.beside("output")) as folder:
        loss = learn.train(model, approved, job.tuning, stop)
        saving.save_samples(model, approved, job.tuning, folder / "samples", stop)
        save_phase = Phase("save", 1)
        saving.save_pipeline(model, approved, folder / "pipeline")
        seconds = time.monotonic() - begun
        device = model.device.type
        saving.save_record(approved, job.tuning, folder, seconds=seconds, loss=loss, device=device)
        stop.check()
        save_phase.tell(1)
    emit("done", seconds=round(seconds, 2), loss=loss, manifest_sha256=approved.manifest_sha256)


if __name__ == "__main__":
    sys.exit(execute(sys.argv[1:], run))
