"""Checkpoints: each whole or not there at all, hashed, kept to a limit, and usable as a pipeline.

`checkpoints/step-00000250/` holds `checkpoint.json` (the step, what it belongs to, the sha256 of
each file and of all this), `state.safetensors` (optimiser, average) and the trained parts; the
base's untouched parts are linked beside them, so that `from_pretrained` loads the folder.
"""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import rfc8785
from safetensors.torch import load_file, save_file

from training.bases.rules import file_sha256
from training.datasets.rules import digest
from training.dreambooth import lora
from training.dreambooth.folder import clear_leftovers, whole_folder
from training.dreambooth.progress import emit

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from training.dreambooth.job import Job
    from training.dreambooth.model import Model
    from training.dreambooth.trainee import Trainee

NOTE, STATE = "checkpoint.json", "state.safetensors"


class Keeper:
    """Writes and finds the checkpoints of one run."""

    def __init__(self, job: Job, model: Model) -> None:
        self._job, self._model = job, model
        self._folder = job.beside("checkpoints")
        manifest = model.approved.manifest
        self._belongs = {
            "manifest_sha256": model.approved.manifest_sha256,
            "base_sha256": manifest.base_sha256,
            "job_sha256": job.sha256,
            # screening may leave out other class pictures at a later attempt
            "class_pictures_sha256": model.approved.class_manifest_sha256,
        }

    def due(self, step: int) -> bool:
        """Whether one is to be written after so many steps; not at the end, where `output` is."""
        every = self._job.tuning.checkpoint_every
        return bool(every) and step % every == 0 and step < self._job.tuning.steps

    def save(self, trainee: Trainee, step: int) -> None:
        """Write the checkpoint after `step` steps, then remove the oldest beyond the limit."""
        target = self._folder / f"step-{step:08d}"
        with whole_folder(target) as folder:
            tensors, numbers = trainee.state()
            if self._job.tuning.method == "lora":
                tensors |= {f"weight.{i}": weight for i, weight in enumerate(trainee.weights)}
                lora.save(trainee.modules, self._job.tuning, folder / "lora", {})
            else:
                for name, module in trainee.modules.items():
                    module.save_pretrained(folder / name, max_shard_size="1TB")
            save_file(
                {name: one.detach().contiguous() for name, one in tensors.items()}, folder / STATE
            )
            files = {
                path.relative_to(folder).as_posix(): _settled(path)
                for path in sorted(folder.rglob("*"))
                if path.is_file()
            }
            self._link_base(folder, trained={path.split("/")[0] for path in files})
            note: dict[str, Any] = {"step": step, "numbers": numbers, "files": files}
            note |= self._belongs
            note["sha256"] = digest(rfc8785.dumps(note))
            (folder / NOTE).write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")
            _settled(folder / NOTE)
        emit("checkpoint", step=step, folder=f"{self._folder.name}/{target.name}")
        for old in self._found()[self._job.tuning.checkpoint_limit :]:
            shutil.rmtree(old)

    def _link_base(self, folder: Path, trained: set[str]) -> None:
        """The base's other parts, without copying where the disk can link."""
        for path in self._model.base.rglob("*"):
            inside = path.relative_to(self._model.base)
            if not path.is_file() or inside.parts[0] in trained:
                continue
            target = folder / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                target.hardlink_to(path.resolve())
            except OSError:
                shutil.copyfile(path, target)

    def resume(self, trainee: Trainee) -> int:
        """Bring `trainee` to the newest sound checkpoint of this run; returns its step, or 0."""
        clear_leftovers(self._folder / "step")
        for folder in self._found():
            note = _sound_note(folder)
            if note is None:
                emit(
                    "note",
                    code="checkpoint_damaged",
                    message=f"{folder.name} is damaged: the checkpoint before it is taken.",
                )
            elif any(note.get(name) != one for name, one in self._belongs.items()):
                emit(
                    "note",
                    code="checkpoint_other",
                    message=f"{folder.name} is of another manifest, base or job, or of other class "
                    "pictures: it is not used.",
                )
            else:
                self._restore(trainee, folder, note)
                return int(note["step"])
        return 0

    def _restore(self, trainee: Trainee, folder: Path, note: dict[str, Any]) -> None:
        tensors = load_file(folder / STATE)
        if self._job.tuning.method == "lora":
            weights = lora.weights_of(tensors)
        else:
            weights = [
                weight
                for name, module in trainee.modules.items()
                for weight in _in_order(module, folder / name)
            ]
        trainee.restore(weights, tensors, note["numbers"])
        emit("note", code="resumed", message=f"It goes on from {folder.name}.")

    def _found(self) -> list[Path]:
        """Whole checkpoints, newest first."""
        return sorted(self._folder.glob("step-*"), reverse=True)


def _sound_note(folder: Path) -> dict[str, Any] | None:
    """What `checkpoint.json` says; None where it or a file that it lists is not as it was."""
    try:
        note: dict[str, Any] = json.loads((folder / NOTE).read_bytes())
        own = note.pop("sha256")
        whole = digest(rfc8785.dumps(note)) == own and all(
            file_sha256(folder / name) == sha256 for name, sha256 in note["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return note if whole else None


def _in_order(module: Any, folder: Path) -> list[Tensor]:
    saved = load_file(next(folder.glob("*.safetensors")))
    return [saved[name] for name, _ in module.named_parameters()]


def _settled(path: Path) -> str:
    """The file's sha256, once it is on the disk and not only in the system's memory."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return file_sha256(path)
