"""Run one claimed run from its start gate to its end; every way out is a state with a reason."""

from __future__ import annotations

import errno
import json
import logging
import sys
from typing import TYPE_CHECKING

from accounts.errors import RefusedError
from training.bases.rules import file_sha256
from training.datasets.services import no_space, write_run_folder
from training.dispatch.admission import why_not
from training.dispatch.child import Child
from training.dispatch.classes import list_class_pictures
from training.dispatch.services import Claim, FenceLostError, claim, finish
from training.dispatch.watching import EndedError, Watch
from training.models import Run, Sample

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

logger = logging.getLogger(__name__)
CLASS_PICTURES = "training.dreambooth.class_pictures"
TRAINER = "training.dreambooth"


def execute(run_id: UUID | str) -> Run.State | None:
    """Claim the run and train it; None where there was nothing to do or the claim was lost."""
    held = claim(run_id)
    if held is None:
        return None
    run = Run.objects.select_related("request__base", "manifest").get(pk=held.run)
    try:
        samples = _train(run, held)
        finish(held, state=Run.State.TRAINED, samples=samples)
    except EndedError as end:
        return _end(held, end.state, end.why)
    except RefusedError as refusal:
        return _end(held, Run.State.FAILED, str(refusal))
    except FenceLostError:
        logger.warning("Run %s is no longer held by this worker.", run_id)
        return None
    except OSError as error:
        logger.exception("Run %s could not be prepared.", run_id)
        why = str(no_space("the disk is full")) if error.errno == errno.ENOSPC else str(error)
        return _end(held, Run.State.FAILED, why)
    return Run.State.TRAINED


def _end(held: Claim, state: Run.State, why: str) -> Run.State | None:
    try:
        finish(held, state=state, why=why)
    except FenceLostError:
        logger.warning("Run %s ended, but another worker holds it now: %s", held.run, why)
        return None
    return state


def _train(run: Run, held: Claim) -> list[Sample]:
    """Go through the run's steps, numbered as at the lines below.

    1. the start gate; 2. the folder, verified; 3. class pictures, screened; 4. the training;
    5. the gate again, so that nothing trained on a permission lost meanwhile counts as trained.
    """
    watch = Watch(held, run)
    reason = why_not(run)  # 1
    if reason:
        raise EndedError(Run.State.HALTED, reason)
    watch.may_go_on()
    folder = write_run_folder(run)  # 2
    made = _phase(watch, CLASS_PICTURES, folder)  # 3
    list_class_pictures(run, folder, made["pictures"], watch.may_go_on)
    _phase(watch, TRAINER, folder)  # 4
    watch.may_go_on()  # 5
    return _samples(run, folder / "output")


def command_for(module: str, folder: Path) -> list[str]:
    """How a phase is started: always the real module, on the folder's job."""
    return [sys.executable, "-m", module, str(folder / "job.json")]


def _phase(watch: Watch, module: str, folder: Path) -> dict[str, list[str]]:
    log = folder / f"{module.rsplit('.', 1)[1]}.log"
    with Child(command_for(module, folder), log) as child:
        return watch.follow(child)


def _samples(run: Run, output: Path) -> list[Sample]:
    listed = json.loads((output / "samples" / "samples.json").read_text())
    return [
        Sample(
            run=run,
            file=f"samples/{sample['file']}",
            sha256=file_sha256(output / "samples" / sample["file"]),
            prompt=sample["prompt"],
            seed=sample["seed"],
        )
        for sample in listed
    ]
