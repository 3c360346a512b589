"""Run one claimed run from its start gate to its end; every way out is a state with a reason."""

from __future__ import annotations

import errno
import logging
import shutil
import sys
from typing import TYPE_CHECKING

from accounts.errors import RefusedError
from training.datasets.services import no_space, run_folder, write_run_folder
from training.dispatch.admission import why_not
from training.dispatch.child import Child
from training.dispatch.classes import list_class_pictures
from training.dispatch.keeping import device_of, folder_to_ourselves, quarantine, read_made
from training.dispatch.names import forget_names, list_names
from training.dispatch.services import (
    Claim,
    FenceLostError,
    Made,
    claim,
    finish,
    give_back,
    heartbeat,
)
from training.dispatch.watching import EndedError, Watch, WorkerLeftError
from training.models import Run

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

logger = logging.getLogger(__name__)
CLASS_PICTURES = "training.dreambooth.class_pictures"
TRAINER = "training.dreambooth"


def execute(run_id: UUID | str) -> Run.State | None:
    """Claim the run and train it; None where there was nothing to do or the claim was lost."""
    wanted = Run.objects.filter(pk=run_id).values_list("resource", flat=True).first()
    held = claim(run_id, device=device_of(wanted)) if wanted else None
    if held is None:
        return None
    run = Run.objects.select_related("request__base", "manifest").get(pk=held.run)
    try:
        with folder_to_ourselves(run) as ours:
            if not ours:
                give_back(held)
                return None
            return _to_its_end(run, held)
    except FenceLostError:
        logger.warning("Run %s is no longer held by this worker.", run_id)
    except WorkerLeftError:
        give_back(held)
    return None


def _to_its_end(run: Run, held: Claim) -> Run.State:
    state, why, made = Run.State.TRAINED, "", Made()
    try:
        made = _train(run, held)
    except EndedError as end:
        state, why = end.state, end.why
    except RefusedError as refusal:
        state, why = Run.State.FAILED, str(refusal)
    except OSError as error:
        logger.exception("Run %s could not be prepared.", run.pk)
        why = str(no_space("the disk is full")) if error.errno == errno.ENOSPC else str(error)
        state = Run.State.FAILED
    if state == Run.State.HALTED:
        heartbeat(held)  # before the move: the checkpoints may be another worker's by now
        quarantine(run)
    finish(held, state=state, why=why, made=made)
    if state == Run.State.TRAINED:  # all that it learnt is in its output
        shutil.rmtree(run_folder(run) / "checkpoints", ignore_errors=True)
    return state


def _train(run: Run, held: Claim) -> Made:
    """Go through the run's steps, numbered as at the lines below.

    1. the start gate; 2. the folder, verified; 3. class pictures, screened; 4. the training,
    and prompts for the audit that name creators; 5. the gate again, so that nothing trained on a
    permission lost meanwhile counts as trained.
    """
    watch = Watch(held, run)
    reason = why_not(run)  # 1
    if reason:
        raise EndedError(Run.State.HALTED, reason)
    watch.may_go_on()
    folder = write_run_folder(run)  # 2
    made = _phase(watch, CLASS_PICTURES, folder)  # 3
    list_class_pictures(run, folder, made["pictures"], watch.may_go_on)
    list_names(run, folder)  # 4
    try:
        _phase(watch, TRAINER, folder)
    finally:
        forget_names(folder)
    watch.may_go_on()  # 5
    return read_made(run)


def command_for(module: str, folder: Path) -> list[str]:
    """How a phase is started: always the real module, on the folder's job."""
    return [sys.executable, "-m", module, str(folder / "job.json")]


def _phase(watch: Watch, module: str, folder: Path) -> dict[str, list[str]]:
    log = folder / f"{module.rsplit('.', 1)[1]}.log"
    gpu = watch.run.resource == "gpu"
    with Child(command_for(module, folder), log, gpu=gpu) as child:
        return watch.follow(child)
