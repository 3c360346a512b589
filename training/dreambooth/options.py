"""The job file: where the manifest is, and the numbers a run may be tuned by. Nothing else.

Prompts, token, pictures and base come from the signed manifest; a job cannot name them.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from training.dreambooth.progress import RefusedError


def _tune(default: Any, unit: str, low: float, high: float) -> Any:
    return field(default=default, metadata={"unit": unit, "limits": (low, high)})


@dataclass(frozen=True)
class Tuning:
    """Numbers that change how a run learns, never what it learns from.

    Each field carries its unit and its limits (both included) as metadata.
    """

    steps: int = _tune(500, "optimiser steps", 1, 100_000)
    batch_size: int = _tune(4, "pictures a step, and as many class pictures", 1, 64)
    learning_rate: float = _tune(5e-4, "per step, at its highest", 1e-8, 1e-2)
    warmup_steps: int = _tune(20, "steps until the learning rate is at its highest", 0, 10_000)
    prior_weight: float = _tune(1.0, "weight of the class pictures' loss; 0 uses none", 0, 10)
    class_count: int = _tune(32, "class pictures to generate", 1, 10_000)
    min_snr_gamma: float = _tune(
        0.0, "cap of the signal-to-noise ratio; 0 weights all alike", 0, 100
    )
    max_grad_norm: float = _tune(1.0, "norm at which gradients are clipped; 0 never", 0, 1000)
    seed: int = _tune(0, "seed of every random number", 0, 2**31 - 1)
    resolution: int = _tune(0, "pixels a side; 0 takes the base's own", 0, 2048)
    sample_steps: int = _tune(20, "denoising steps of a sample", 1, 1000)
    samples_per_prompt: int = _tune(4, "samples", 0, 64)
    guidance: float = _tune(3.0, "classifier-free guidance of samples and class pictures", 1, 30)
    threads: int = _tune(1, "CPU threads; 0 leaves the choice to torch", 0, 256)

    def __post_init__(self) -> None:
        for option in fields(self):
            _check_number(option.name, getattr(self, option.name), option.type, option.metadata)


@dataclass(frozen=True)
class Job:
    """One run: its folder's paths, all siblings of the manifest, and its tuning."""

    manifest: Path
    tuning: Tuning

    def beside(self, name: str) -> Path:
        return self.manifest.parent / name


def _check_number(name: str, value: object, kind: object, metadata: Any) -> None:
    low, high = metadata["limits"]
    wanted = (int,) if kind == "int" else (int, float)
    if isinstance(value, bool) or not isinstance(value, wanted) or not math.isfinite(value):
        raise RefusedError("job_value", f"{name} must be a number of type {kind}, not {value!r}.")
    if not low <= value <= high:
        raise RefusedError(
            "job_value",
            f"{name} is {value} ({metadata['unit']}); choose a value from {low} to {high}.",
        )


def read_job(path: Path) -> Job:
    """The job in the JSON file `path`; an unknown key or a value out of limits is refused."""
    try:
        body = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise RefusedError("job_unreadable", f"The job file cannot be read: {error}.") from error
    if not isinstance(body, dict) or not isinstance(body.get("manifest"), str):
        raise RefusedError("job_manifest", 'The job must be a JSON object with a "manifest" path.')
    manifest = Path(body.pop("manifest"))
    known = {option.name for option in fields(Tuning)}
    unknown = sorted(set(body) - known)
    if unknown:
        raise RefusedError(
            "job_key",
            f"The job may not say {', '.join(unknown)}: besides the manifest's path it holds only "
            f"{', '.join(sorted(known))}.",
        )
    return Job((path.parent / manifest).absolute(), Tuning(**body))
