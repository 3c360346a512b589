"""What a finished run leaves: a diffusers folder, samples, and the record of the run."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from importlib.metadata import version
from typing import TYPE_CHECKING

from safetensors import safe_open
from safetensors.torch import save_file

from training.dreambooth.pipeline import draw
from training.dreambooth.progress import Phase

if TYPE_CHECKING:
    from pathlib import Path

    from diffusers import StableDiffusionPipeline

    from training.dreambooth.checks import Approved
    from training.dreambooth.options import Tuning
    from training.dreambooth.progress import StopSwitch

LIBRARIES = ("torch", "diffusers", "transformers", "safetensors", "numpy", "pillow")


def save_pipeline(pipeline: StableDiffusionPipeline, approved: Approved, folder: Path) -> None:
    """Write the whole pipeline as safetensors; its UNet says what it was trained from."""
    pipeline.save_pretrained(folder, safe_serialization=True)
    for path in (folder / "unet").glob("*.safetensors"):
        _add_metadata(path, approved)
    for path in folder.rglob("*.json"):
        _forget_path(path)
    for path in folder.rglob("*.safetensors"):
        path.chmod(0o644)  # safetensors writes for the owner alone; a release is read by others


def _add_metadata(path: Path, approved: Approved) -> None:
    with safe_open(path, framework="pt") as file:
        weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
        metadata = dict(file.metadata() or {})
    metadata |= {
        "format": "pt",
        "imprimatur.manifest_sha256": approved.manifest_sha256,
        "imprimatur.base_sha256": approved.manifest.base_sha256,
        "imprimatur.token": approved.manifest.token,
    }
    save_file(weights, path, metadata=metadata)


def _forget_path(path: Path) -> None:
    """Take out the folder that the base was loaded from: it is of this machine, not the model."""
    body = json.loads(path.read_bytes())
    if isinstance(body, dict) and body.pop("_name_or_path", None) is not None:
        path.write_text(json.dumps(body, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def save_samples(
    pipeline: StableDiffusionPipeline,
    approved: Approved,
    tuning: Tuning,
    folder: Path,
    stop: StopSwitch,
) -> None:
    """Draw each prompt of the manifest, the two training prompts included, and list the files."""
    folder.mkdir()
    manifest = approved.manifest
    prompts = (*manifest.sample_prompts, manifest.instance_prompt, manifest.class_prompt)
    prompts = tuple(dict.fromkeys(prompts))
    seeds = [tuning.seed + index for index in range(tuning.samples_per_prompt)]
    phase, listed = Phase("sample", len(prompts)), []
    for index, prompt in enumerate(prompts):
        stop.check()
        drawn = draw(pipeline, prompt, seeds, tuning, stop.check) if seeds else []
        for seed, picture in zip(seeds, drawn, strict=True):
            name = f"{index:02d}-{seed}.png"
            picture.save(folder / name)
            listed.append({"file": name, "prompt": prompt, "seed": seed})
        phase.tell(index + 1)
    (folder / "samples.json").write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")


def save_record(
    approved: Approved, tuning: Tuning, folder: Path, *, seconds: float, loss: float, device: str
) -> None:
    """Write run.json: what was run, with what, for how long."""
    record = {
        "manifest_sha256": approved.manifest_sha256,
        "base_sha256": approved.manifest.base_sha256,
        "token": approved.manifest.token,
        "pictures": len(approved.pictures),
        "class_pictures": len(approved.class_pictures),
        "options": asdict(tuning),
        "loss": loss,
        "seconds": round(seconds, 2),
        "environment": {
            "python": platform.python_version(),
            "machine": platform.machine(),
            "system": platform.system(),
            "device": device,
            "versions": {name: version(name) for name in LIBRARIES},
        },
    }
    (folder / "run.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
