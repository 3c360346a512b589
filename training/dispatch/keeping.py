"""What a run leaves in its folder: read when it is trained, put in quarantine when it is halted."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.actors import SYSTEM
from ledger.services import append
from provenance.clearance.services import holds
from training.bases.rules import file_sha256
from training.datasets.services import run_folder
from training.dispatch.admission import why_not
from training.dispatch.services import Made
from training.events import CheckpointQuarantined, RunEnded
from training.models import AuditPicture, Run, Sample

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEARNT = ("checkpoints", "output", "validation")


def device_of(resource: str) -> str:
    """What this worker trains on: settings.RUN_DEVICE, or its host with `cpu` or its GPU."""
    if settings.RUN_DEVICE:
        return str(settings.RUN_DEVICE)
    number = os.environ.get("CUDA_VISIBLE_DEVICES", "0") if resource == "gpu" else ""
    return f"{socket.gethostname()}/{resource}{number}"


@contextmanager
def folder_to_ourselves(run: Run) -> Iterator[bool]:
    """Whether the run's folder is ours for the block: a stopped worker that wakes may hold it.

    The kernel lets go of the lock with the process, however that ends.
    """
    place = settings.RUNS_DIR / "locks"
    place.mkdir(parents=True, exist_ok=True)
    with (place / str(run.pk)).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def read_made(run: Run) -> Made:
    """The samples, the audit's pictures and the losses of single pictures.

    Pictures drawn by somebody's name are for the audit alone, which finds them by their list.
    """
    output = run_folder(run) / "output"
    return Made(
        samples=[
            Sample(**_picture(run, output, f"samples/{drawn['file']}", drawn))
            for drawn in json.loads((output / "samples" / "samples.json").read_bytes())
        ],
        audit_pictures=[
            AuditPicture(set=drawn["set"], **_picture(run, output, drawn["file"], drawn))
            for drawn in json.loads((output / "audit" / "audit.json").read_bytes())
            if drawn["set"] != "name"
        ],
        losses=json.loads((output / "losses.json").read_bytes()),
    )


def _picture(run: Run, output: Path, file: str, drawn: dict[str, Any]) -> dict[str, Any]:
    values = {"prompt": drawn["prompt"], "seed": drawn["seed"]}
    return {"run": run, "file": file, "sha256": file_sha256(output / file)} | values


def quarantine(run: Run) -> None:
    """Move what the run has learnt to where no attempt finds it; again does nothing more."""
    folder = run_folder(run)
    found = [folder / name for name in LEARNT if (folder / name).exists()]
    if not found:
        return
    place = settings.RUNS_DIR / "quarantine" / str(run.pk) / str(run.fence)
    place.mkdir(parents=True, exist_ok=True)
    place.parent.chmod(0o700)
    for path in found:
        path.replace(place / path.name)
    with transaction.atomic():
        event = CheckpointQuarantined(fence=run.fence)
        append(actor=SYSTEM.id, subject=f"run:{run.pk}", event=event)


def halt_resting() -> None:
    """Halt paused runs whose permission was lost: nobody asks for them while they rest."""
    for run in Run.objects.filter(state=Run.State.PAUSED):
        reason = "" if holds(f"run:{run.pk}", approved=True) else why_not(run)
        if not reason:
            continue
        with transaction.atomic():
            mine = Run.objects.filter(pk=run.pk, state=Run.State.PAUSED, fence=run.fence)
            values = {"ended_at": timezone.now(), "outcome": reason}
            if not mine.update(state=Run.State.HALTED, **values):
                continue
            event = RunEnded(state=str(Run.State.HALTED), fence=run.fence)
            append(actor=SYSTEM.id, subject=f"run:{run.pk}", event=event, statement=reason)
        quarantine(run)
