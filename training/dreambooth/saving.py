"""What a finished run leaves: a diffusers folder that says what it was made from, and a record."""

from __future__ import annotations

import json
import platform
import shutil
from dataclasses import asdict
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import torch

from training.dreambooth.folder import write_json

if TYPE_CHECKING:
    from pathlib import Path

    from training.dreambooth.job import Job
    from training.dreambooth.model import Model

LIBRARIES = ("torch", "diffusers", "transformers", "peft", "safetensors", "numpy", "pillow")
ONE_FILE = "1TB"
"""No part is cut into shards: the metadata would stand in each."""


def metadata(model: Model, job: Job) -> dict[str, str]:
    """What the header of trained weights says: from what, by what and under which terms."""
    manifest = model.approved.manifest
    licences = sorted({image.licence for image in manifest.images if image.licence})
    return {
        "format": "pt",
        "imprimatur.manifest_sha256": model.approved.manifest_sha256,
        "imprimatur.base_sha256": manifest.base_sha256,
        "imprimatur.job_sha256": job.sha256,
        "imprimatur.token": manifest.token,
        "imprimatur.licence": ", ".join(licences) or "by permission: see the model card",
    }


def save_pipeline(pipeline: Any, folder: Path, trained: list[str], said: dict[str, str]) -> None:
    """Write the whole pipeline as safetensors; its trained parts say what they were made from."""
    pipeline.save_pretrained(folder, safe_serialization=True, max_shard_size=ONE_FILE)
    for name in trained:
        for path in (folder / name).glob("*.safetensors"):
            add_metadata(path, said)
    for path in folder.rglob("*.json"):
        _forget_path(path)
    for path in folder.rglob("*.safetensors"):
        path.chmod(0o644)  # safetensors writes for the owner alone; a release is read by others


def add_metadata(path: Path, said: dict[str, str]) -> None:
    """Write the file anew with `said` in its header, keys in order: same weights, same bytes.

    The library writes them in an order of chance. The layout is eight bytes of length, a JSON
    header, and the numbers, which stay as they are.
    """
    part = path.with_suffix(".part")
    with path.open("rb") as old, part.open("wb") as new:
        header = json.loads(old.read(int.from_bytes(old.read(8), "little")))
        header["__metadata__"] = dict(sorted((header.get("__metadata__", {}) | said).items()))
        body = json.dumps(header, separators=(",", ":")).encode()
        body += b" " * (-len(body) % 8)
        new.write(len(body).to_bytes(8, "little") + body)
        shutil.copyfileobj(old, new, 1 << 20)
    part.replace(path)


def _forget_path(path: Path) -> None:
    """Take out the folder that the base was loaded from: it is of this machine, not the model."""
    body = json.loads(path.read_bytes())
    if isinstance(body, dict) and body.pop("_name_or_path", None) is not None:
        path.write_text(json.dumps(body, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def save_record(
    model: Model, job: Job, folder: Path, *, rate: float, seconds: float, loss: float
) -> None:
    """Write run.json: what was run, with what, for how long."""
    approved = model.approved
    record = {
        "manifest_sha256": approved.manifest_sha256,
        "base_sha256": approved.manifest.base_sha256,
        "job_sha256": job.sha256,
        "token": approved.manifest.token,
        "pictures": len(approved.pictures),
        "class_pictures": len(approved.class_pictures),
        "preset": job.preset,
        "options": asdict(job.tuning) | {"learning_rate": rate},
        "loss": loss,
        "seconds": round(seconds, 2),
        "environment": {
            "python": platform.python_version(),
            "machine": platform.machine(),
            "system": platform.system(),
            "device": model.device.type,
            "device_name": torch.cuda.get_device_name() if model.device.type == "cuda" else "",
            "threads": torch.get_num_threads(),
            "deterministic": torch.are_deterministic_algorithms_enabled(),
            "tf32": torch.backends.cuda.matmul.allow_tf32,
            "versions": {name: version(name) for name in LIBRARIES},
        },
    }
    write_json(folder / "run.json", record)
