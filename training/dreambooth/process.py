"""How this process behaves, settled before torch is imported: no network, no chatter."""

from __future__ import annotations

import os
import sys

OFFLINE = (
    "HF_HUB_OFFLINE",
    "TRANSFORMERS_OFFLINE",
    "DIFFUSERS_OFFLINE",
    "HF_HUB_DISABLE_TELEMETRY",
)


def prepare() -> None:
    """Refuse the network to the model libraries, and keep them quiet."""
    if "torch" in sys.modules:
        raise RuntimeError("prepare() must come before the first import of torch")
    for name in OFFLINE:
        os.environ[name] = "1"
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("DIFFUSERS_VERBOSITY", "error")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")


def use_threads(count: int) -> None:
    """Fix torch's threads; 0 leaves the choice to torch. One is deterministic and shares well."""
    import torch
    from diffusers.utils import logging as diffusers_logging

    if count:
        torch.set_num_threads(count)
    diffusers_logging.disable_progress_bar()
