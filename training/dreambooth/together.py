"""Several processes on one run, as `accelerate launch` and `torchrun` start them.

They share out the batches of each step, so `accumulation` is a multiple of their number and the
model is the one that a single process makes, but for the order in which gradients are added. The
first of them leads: it alone measures, writes and speaks. Shown on CPUs with gloo.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

import torch
from torch import distributed

from training.dreambooth.command import processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from torch import Tensor

PATIENCE: Final = timedelta(hours=6)
"""How long the others wait while the first one measures, saves or draws."""
Found = TypeVar("Found")


class Crew:
    """The processes of a run; alone, one exchanges nothing."""

    def __init__(self, device: torch.device) -> None:
        self.size, self.rank = processes(), int(os.environ.get("RANK", "0"))
        if self.size > 1:
            backend = "nccl" if device.type == "cuda" else "gloo"
            distributed.init_process_group(backend, timeout=PATIENCE)
            # A group of its own, so that a GPU is not waited for at each step.
            self._words = distributed.new_group(backend="gloo", timeout=PATIENCE)

    @property
    def leads(self) -> bool:
        return self.rank == 0

    def share(self, parts: int) -> range:
        """Which of the parts of a step are this process's."""
        return range(self.rank, parts, self.size)

    def add_up(self, tensors: Iterable[Tensor | None]) -> None:
        """Replace each by its sum over the processes."""
        if self.size > 1:
            for tensor in tensors:
                if tensor is not None:
                    distributed.all_reduce(tensor)

    def agree(self, wish: bool) -> bool:
        """Whether any of them wishes so; all get the same answer."""
        if self.size == 1:
            return wish
        told = torch.tensor(int(wish))
        distributed.all_reduce(told, distributed.ReduceOp.MAX, group=self._words)
        return bool(told.item())

    def in_turn(self, work: Callable[[], Found]) -> Found:
        """What the first one does before the others do it, as it may tidy up for them."""
        if not self.leads:
            distributed.barrier(group=self._words)
        done = work()
        if self.leads and self.size > 1:
            distributed.barrier(group=self._words)
        return done

    def leave(self) -> None:
        """Wait for nobody any more."""
        if self.size > 1:
            distributed.destroy_process_group()
