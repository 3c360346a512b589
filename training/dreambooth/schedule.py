"""How the learning rate goes: warm-up, then one of diffusers' schedules, as a share of the peak."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.dreambooth.options import Tuning


def share(tuning: Tuning, step: int) -> float:
    """The share, 0 to 1, of the peak rate at `step` (from 0)."""
    if step < tuning.warmup_steps:
        return (step + 1) / tuning.warmup_steps
    done = (step - tuning.warmup_steps) / max(1, tuning.steps - tuning.warmup_steps)
    match tuning.schedule:
        case "linear":
            return 1 - done
        case "cosine":
            return 0.5 + 0.5 * math.cos(math.pi * done)
        case "cosine_with_restarts":
            return 0.5 + 0.5 * math.cos(math.pi * (done * tuning.cycles % 1))
        case "polynomial":
            return float((1 - done) ** tuning.power)
        case _:
            return 1.0


def usual_rate(method: str, parameters: int) -> float:
    """A peak rate that is known to work for a UNet of so many parameters."""
    rates = {"full": (5e-4, 5e-5, 5e-6), "lora": (2e-3, 5e-4, 1e-4)}[method]
    return rates[(parameters >= 20_000_000) + (parameters >= 200_000_000)]  # noqa: PLR2004
