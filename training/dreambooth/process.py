"""How this process behaves, settled before torch is imported: offline, quiet, thrifty."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import TYPE_CHECKING

from training.dreambooth import late
from training.dreambooth.command import processes

if TYPE_CHECKING:
    from training.dreambooth.options import Tuning

OFFLINE = (
    "HF_HUB_OFFLINE",
    "TRANSFORMERS_OFFLINE",
    "DIFFUSERS_OFFLINE",
    "HF_HUB_DISABLE_TELEMETRY",
)
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
KEPT_BYTES = 1 << 30


def prepare(*, compiles: bool = False) -> None:
    """Refuse the network to the model libraries, keep them quiet, and hold on to freed memory.

    Unless the process `compiles`, what it does not use is not imported either.
    """
    if "torch" in sys.modules:
        raise RuntimeError("prepare() must come before the first import of torch")
    for name in OFFLINE:
        os.environ[name] = "1"
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("DIFFUSERS_VERBOSITY", "error")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    # cuBLAS gives the same sums each time only with a workspace of fixed size.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    # Threads that spin for one another stand still for minutes where others use the cores too.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    _keep_freed_memory()
    if not compiles:
        late.install()


def _keep_freed_memory() -> None:
    """Let glibc reuse large blocks from step to step.

    By default each is mapped and unmapped, and the kernel clears its pages anew: a tenth of the
    CPU time of a step and more.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, KEPT_BYTES)
        mallopt(M_TRIM_THRESHOLD, KEPT_BYTES)


def settle(tuning: Tuning) -> None:
    """Choose reproducible kernels; TF32 only where it is asked for."""
    import torch
    import torch.utils.deterministic as kernels

    if "LOCAL_RANK" in os.environ and torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))  # of several processes, each its own
    torch.set_deterministic_debug_mode("warn")
    if tuning.compile:  # tells the compiler too, whose import takes a second
        torch.use_deterministic_algorithms(mode=True, warn_only=True)
    elif processes() == 1:  # it shards nothing, and what would do it takes half a second to import
        torch.distributed.is_available = lambda: False
    # Filling every new tensor is for finding bugs, and costs a pass over memory each.
    kernels.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    torch.backends.cudnn.benchmark = False
    torch.backends.cuda.matmul.allow_tf32 = tuning.tf32
    torch.backends.cudnn.allow_tf32 = tuning.tf32


def use_threads(count: int) -> None:
    """Fix torch's threads; 0 leaves the choice to torch. One is deterministic and shares well."""
    import torch

    if count:
        torch.set_num_threads(count)
