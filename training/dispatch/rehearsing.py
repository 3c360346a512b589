"""Carry out a dry run: the trainer's own, on a manifest of blank pictures that nobody approved.

It is signed by a key made for it, which only that one process trusts; nothing is trained, and
nothing of it is kept but the answer.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from accounts.errors import RefusedError
from training.datasets.services import write_blank_folder
from training.dispatch import runner
from training.dispatch.child import Child
from training.dispatch.names import expected
from training.models import Rehearsal

if TYPE_CHECKING:
    from uuid import UUID

LONGEST = 900.0
"""Seconds after which a dry run is killed."""
LOOK_EVERY = 1.0


def rehearse(rehearsal_id: UUID | str) -> None:
    """Try it, if it still waits; of two workers one finds it waiting."""
    mine = Rehearsal.objects.filter(pk=rehearsal_id, state=Rehearsal.State.WAITING)
    if not mine.update(state=Rehearsal.State.WORKING):
        return
    rehearsal = Rehearsal.objects.select_related("request__base").get(pk=rehearsal_id)
    try:
        told = _tried(rehearsal)
    except (RefusedError, OSError) as error:
        told = {"event": "error", "message": str(error)}
    done = told.get("event") == "done"
    names = ("seconds", "memory_bytes", "disk_bytes")
    values = {name: told.get(name) for name in names} if done else {}
    Rehearsal.objects.filter(pk=rehearsal_id).update(
        state=Rehearsal.State.DONE if done else Rehearsal.State.FAILED,
        ended_at=timezone.now(),
        why="" if done else str(told.get("message") or "The trainer ended without a word."),
        **values,
    )


def _tried(rehearsal: Rehearsal) -> dict[str, Any]:
    """The last line that the trainer said."""
    Path(settings.RUNS_DIR).mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".rehearsal-", dir=settings.RUNS_DIR))
    try:
        asked = rehearsal.request
        keys = write_blank_folder(asked, folder, names=expected(asked))
        command = [*runner.command_for(runner.TRAINER, folder), "--dry-run"]
        gpu = asked.resource == "gpu"
        with Child(command, folder / "log", gpu=gpu, keys=keys) as child:
            return _last_line(child)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _last_line(child: Child) -> dict[str, Any]:
    last: dict[str, Any] = {}
    deadline = time.monotonic() + LONGEST
    while not child.ended:
        last = child.next_line(LOOK_EVERY) or last
        if time.monotonic() > deadline:
            return {"event": "error", "message": "It took longer than 15 minutes."}
    return last
