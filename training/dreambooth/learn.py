"""DreamBooth with prior preservation (Ruiz et al. 2023), from top to bottom.

Latents and text embeddings are computed once, as VAE and text encoder are frozen; the UNet
learns the pictures under the instance prompt and keeps the class under the class prompt.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from training.dreambooth import noise
from training.dreambooth.pipeline import embed, moments, native_size
from training.dreambooth.progress import FailedError, Phase

if TYPE_CHECKING:
    from diffusers import StableDiffusionPipeline
    from torch import Tensor

    from training.dreambooth.checks import Approved
    from training.dreambooth.options import Tuning
    from training.dreambooth.progress import StopSwitch


def train(
    pipeline: StableDiffusionPipeline, approved: Approved, tuning: Tuning, stop: StopSwitch
) -> float:
    """Train the pipeline's UNet in place; returns the last told mean loss."""
    size = native_size(pipeline, tuning.resolution)
    pictures = moments(pipeline, approved.pictures, size)
    prior = moments(pipeline, approved.class_pictures, size) if approved.class_pictures else None
    said = embed(pipeline, [approved.manifest.instance_prompt, approved.manifest.class_prompt])
    unet = pipeline.unet.train()
    optimiser = torch.optim.AdamW(unet.parameters(), lr=tuning.learning_rate, fused=True)
    phase, told, total = Phase("train", tuning.steps), 0, torch.zeros((), device=said.device)
    mean = math.nan
    for step in range(tuning.steps):
        stop.check()
        loss = _loss(pipeline, pictures, prior, said, tuning, step)
        _descend(optimiser, loss, tuning, step)
        total += loss.detach()
        if phase.due(step + 1):  # the only place where the device is waited for
            mean = _finite(total.item() / (step + 1 - told), step)
            phase.tell(step + 1, mean)
            told, total = step + 1, torch.zeros_like(total)
    unet.eval()
    return mean


def _loss(
    pipeline: StableDiffusionPipeline,
    pictures: Tensor,
    prior: Tensor | None,
    said: Tensor,
    tuning: Tuning,
    step: int,
) -> Tensor:
    """The loss of one step: a batch of pictures and, weighted, as many class pictures."""
    batch = tuning.batch_size
    random = noise.generator(tuning.seed, step, "train")
    latents = _sample(
        pictures, noise.picks(tuning.seed, step, batch, pictures.shape[1], "a"), random
    )
    texts = said[:1].expand(batch, -1, -1)
    if prior is not None:
        chosen = noise.picks(tuning.seed, step, batch, prior.shape[1], "class")
        latents = torch.cat([latents, _sample(prior, chosen, random)])
        texts = torch.cat([texts, said[1:].expand(batch, -1, -1)])
    each = noise.losses(
        pipeline.unet, pipeline.scheduler, latents, texts, random, tuning.min_snr_gamma
    )
    if prior is None:
        return each.mean()
    return each[:batch].mean() + tuning.prior_weight * each[batch:].mean()


def _sample(spread: Tensor, chosen: list[int], random: torch.Generator) -> Tensor:
    mean, deviation = spread[:, chosen]
    return mean + deviation * torch.randn(mean.shape, generator=random).to(mean)


def _descend(optimiser: torch.optim.Optimizer, loss: Tensor, tuning: Tuning, step: int) -> None:
    rate = tuning.learning_rate * min(1.0, (step + 1) / max(tuning.warmup_steps, 1))
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    if tuning.max_grad_norm:
        weights = optimiser.param_groups[0]["params"]
        torch.nn.utils.clip_grad_norm_(weights, tuning.max_grad_norm)
    optimiser.step()


def _finite(loss: float, step: int) -> float:
    if not math.isfinite(loss):
        raise FailedError(
            "loss_not_finite",
            f"The loss is no longer a number at step {step + 1}: lower learning_rate.",
        )
    return loss
