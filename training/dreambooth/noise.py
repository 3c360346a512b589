"""The mathematics shared by the base's training and DreamBooth: noise, targets, weights.

Every random number comes from (seed, step), so that a run can be repeated from any step.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

if TYPE_CHECKING:
    from diffusers import SchedulerMixin, UNet2DConditionModel
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
    chosen = []
    for position in range(step * batch, (step + 1) * batch):
        epoch, index = divmod(position, count)
        order = np.random.default_rng(number(seed, epoch, purpose)).permutation(count)
        chosen.append(int(order[index]))
    return chosen


def losses(
    unet: UNet2DConditionModel,
    scheduler: SchedulerMixin,
    latents: Tensor,
    texts: Tensor,
    random: torch.Generator,
    min_snr_gamma: float,
) -> Tensor:
    """The diffusion loss of each item, of shape (batch,).

    Latents (batch, c, h, w) are noised at random times; the UNet, given the texts' embeddings
    (batch, tokens, width), predicts the noise or the velocity as the scheduler says. Weights
    follow min-SNR (Hang et al. 2023) when `min_snr_gamma` is above 0.
    """
    total = scheduler.config.num_train_timesteps
    noise = torch.randn(latents.shape, generator=random).to(latents)
    times = torch.randint(total, (len(latents),), generator=random).to(latents.device)
    noisy = scheduler.add_noise(latents, noise, times)
    velocity = scheduler.config.prediction_type == "v_prediction"
    target = scheduler.get_velocity(latents, noise, times) if velocity else noise
    predicted = unet(noisy, times, encoder_hidden_states=texts).sample
    each = functional.mse_loss(predicted.float(), target.float(), reduction="none")
    mean = each.mean(dim=(1, 2, 3))
    if min_snr_gamma == 0:
        return mean
    return mean * _min_snr(scheduler, times, min_snr_gamma, velocity)


def _min_snr(scheduler: SchedulerMixin, times: Tensor, gamma: float, velocity: bool) -> Tensor:
    kept = scheduler.alphas_cumprod.to(times.device)[times]
    snr = kept / (1 - kept)
    return snr.clamp(max=gamma) / (snr + 1 if velocity else snr)
