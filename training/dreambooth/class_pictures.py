"""`python -m training.dreambooth.class_pictures JOB.json`: what the base itself makes of the class.

The pictures keep the class as it was while the subject is learnt. Dispatch screens them and
lists those that may be used in the second signed manifest. Exit codes as for training.
"""

from __future__ import annotations

import hashlib
import os
import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rfc8785

from training.datasets.rules import digest
from training.dreambooth import process
from training.dreambooth.checks import Approved, check_base
from training.dreambooth.command import execute
from training.dreambooth.folder import whole_folder
from training.dreambooth.progress import Phase, emit

if TYPE_CHECKING:
    from training.dreambooth.job import Job
    from training.dreambooth.options import Tuning
    from training.dreambooth.progress import StopSwitch

BATCH = 8
FIRST_SEED = 1_000_000
"""Seeds of their own, so that no sample starts from the noise of one of these."""
CACHE_VARIABLE = "IMPRIMATUR_CLASS_CACHE"


def generate(job: Job, stop: StopSwitch) -> None:
    """Draw `class_count` pictures of the class prompt as class_pictures/<sha256>.png."""
    approved, tuning = check_base(job), job.tuning
    cache = Cache(approved, tuning)
    phase = Phase("class_pictures", tuning.class_count)
    found = cache.read(tuning.class_count)
    phase.tell(len(found))
    if len(found) < tuning.class_count:
        found += _draw(approved, job, len(found), phase, stop)
    with whole_folder(job.beside("class_pictures")) as folder:
        for index, data in enumerate(found):
            (folder / f"{digest(data)}.png").write_bytes(data)
            cache.keep(index, data)
    names = [digest(data) for data in found]
    emit("done", pictures=names, manifest_sha256=approved.manifest_sha256)


def _draw(approved: Approved, job: Job, first: int, phase: Phase, stop: StopSwitch) -> list[bytes]:
    """The pictures from number `first` on, as PNG."""
    tuning, drawn = job.tuning, []
    process.prepare(compiles=tuning.compile)
    process.use_threads(tuning.threads)
    from training.dreambooth import samples
    from training.dreambooth.model import Model, as_pipeline

    process.settle(tuning)
    model = Model(approved, tuning)
    pipeline = as_pipeline(model)
    model.confirm()
    for start in range(first, tuning.class_count, BATCH):
        stop.check()
        last = min(start + BATCH, tuning.class_count)
        seeds = [tuning.seed + FIRST_SEED + index for index in range(start, last)]
        prompt = approved.manifest.class_prompt
        for picture in samples.draw(pipeline, model, prompt, seeds, tuning, stop.check):
            buffer = BytesIO()
            picture.save(buffer, "PNG")
            drawn.append(buffer.getvalue())
        phase.tell(last)
    return drawn


class Cache:
    """Pictures kept between runs by base, prompt and seed, where the operator names a folder.

    A file is named by its place and the sha256 of its bytes: a damaged one is drawn again.
    """

    def __init__(self, approved: Approved, tuning: Tuning) -> None:
        named = os.environ.get(CACHE_VARIABLE)
        key: dict[str, Any] = {
            "base_sha256": approved.manifest.base_sha256,
            "prompt": approved.manifest.class_prompt,
            "seed": tuning.seed,
            "sample_steps": tuning.sample_steps,
            "guidance": tuning.guidance,
            "resolution": tuning.resolution,
        }
        self._folder = (
            Path(named) / hashlib.sha256(rfc8785.dumps(key)).hexdigest() if named else None
        )

    def read(self, wanted: int) -> list[bytes]:
        """The first pictures, up to `wanted` or to the first that is missing or damaged."""
        found: list[bytes] = []
        while self._folder is not None and len(found) < wanted:
            path = next(self._folder.glob(f"{len(found):05d}-*.png"), None)
            data = path.read_bytes() if path is not None else b""
            if path is None or path.stem.partition("-")[2] != digest(data):
                break
            found.append(data)
        return found

    def keep(self, index: int, data: bytes) -> None:
        if self._folder is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._folder / f"{index:05d}-{digest(data)}.png"
        if target.exists():
            return
        for damaged in self._folder.glob(f"{index:05d}-*.png"):
            damaged.unlink()
        part = target.with_suffix(f".{os.getpid()}")  # another run may be writing the same one
        part.write_bytes(data)
        part.replace(target)


if __name__ == "__main__":
    sys.exit(execute(sys.argv[1:], generate))
