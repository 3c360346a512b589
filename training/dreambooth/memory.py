"""What a run's weights and optimiser need, and what is there: advice before it runs out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import torch

from training.dreambooth.progress import emit

if TYPE_CHECKING:
    from training.dreambooth.model import Model
    from training.dreambooth.options import Tuning


def advise(model: Model, tuning: Tuning) -> None:
    """Note where memory will be tight; it is not refused, as activations can only be guessed."""
    needed, free = needed_bytes(model, tuning), free_bytes(model.device.type)
    if free is None or needed < free:
        return
    ways = "choose method lora" if tuning.method == "full" else "choose a lower rank"
    emit(
        "note",
        code="memory_tight",
        message=f"Weights and optimiser need about {needed >> 20} MB beside the activations and "
        f"{free >> 20} MB are free: {ways}, turn gradient_checkpointing on, or lower batch_size.",
    )


def needed_bytes(model: Model, tuning: Tuning) -> int:
    """Weights, and for those that are trained gradients, two moments and the average."""
    names = ["unet", *(model.encoders if tuning.train_text_encoder else ())]
    weights = sum(
        path.stat().st_size for name in names for path in (model.base / name).glob("*.safetensors")
    )
    if tuning.method == "lora":
        return weights
    copies = 4 + bool(tuning.ema_decay)
    return weights * copies


def free_bytes(device: str) -> int | None:
    """Memory that is free on the device now, in bytes; None where the system does not tell."""
    if device == "cuda":
        return int(torch.cuda.mem_get_info()[0])
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return None
