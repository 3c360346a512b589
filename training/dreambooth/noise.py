"""The mathematics shared by the base's training and DreamBooth: noise, targets, weights.

Every random number comes from (seed, step), so that a run can be repeated from any step.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor


def generator(seed: int, step: int, purpose: str) -> torch.Generator:
    """A CPU generator that depends on nothing but its arguments."""
    return torch.Generator().manual_seed(number(seed, step, purpose))


def number(seed: int, step: int, purpose: str) -> int:
    """A 63-bit number that depends on nothing but its arguments."""
    text = f"{seed}/{step}/{purpose}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8]) >> 1


def picks(seed: int, step: int, batch: int, count: int, purpose: str) -> list[int]:
    """Which of `count` items step number `step` takes: each epoch is a permutation of its own."""
    places = (divmod(place, count) for place in range(step * batch, (step + 1) * batch))
    return [_order(seed, epoch, count, purpose)[index] for epoch, index in places]


@lru_cache(maxsize=4)
def _order(seed: int, epoch: int, count: int, purpose: str) -> list[int]:
    drawn: list[int] = (
        np.random.default_rng(number(seed, epoch, purpose)).permutation(count).tolist()
    )
    return drawn


@dataclass(frozen=True)
class Diffusion:
    """What a base's scheduler says of noise: `kept[t]` is the signal's share of power at time t."""

    kept: Tensor
    velocity: bool

    @classmethod
    def of(cls, scheduler: Any, device: Any = "cpu", prediction: str = "auto") -> Diffusion:
        """As the scheduler says, or with `prediction` in place of its own."""
        wanted = scheduler.config.prediction_type if prediction == "auto" else prediction
        return cls(scheduler.alphas_cumprod.float().to(device), wanted == "v_prediction")

    def weights(self, times: Tensor, gamma: float) -> Tensor:
        """min-SNR (Hang et al. 2023), a weight for each of `times`; any gamma above 0."""
        snr = self.kept[times] / (1 - self.kept[times])
        # Finite where there is no signal at all (snr 0) and, for the velocity, everywhere.
        return snr.clamp(max=gamma) / (snr + 1) if self.velocity else (gamma / snr).clamp(max=1)

    def losses(
        self,
        predict: Callable[[Tensor, Tensor], Tensor],
        latents: Tensor,
        noise: Tensor,
        times: Tensor,
        gamma: float = 0.0,
    ) -> Tensor:
        """The loss of each item, of shape (batch,).

        Latents (batch, c, h, w) are noised at `times`; `predict(noisy, times)` gives the noise or
        the velocity. Weights follow min-SNR where `gamma` is above 0.
        """
        kept = self.kept[times].view(-1, 1, 1, 1).to(latents.dtype)
        signal, spread = kept.sqrt(), (1 - kept).sqrt()
        target = signal * noise - spread * latents if self.velocity else noise
        predicted = predict(signal * latents + spread * noise, times)
        mean = functional.mse_loss(predicted.float(), target.float(), reduction="none").mean(
            (1, 2, 3)
        )
        return mean * self.weights(times, gamma) if gamma else mean


def draw_noise(shape: torch.Size, random: torch.Generator, offset: float = 0.0) -> Tensor:
    """Noise of deviation 1 on the CPU, shifted by one number a channel of deviation `offset`."""
    noise = torch.randn(shape, generator=random)
    if offset:
        noise += offset * torch.randn(*shape[:2], 1, 1, generator=random)
    return noise
