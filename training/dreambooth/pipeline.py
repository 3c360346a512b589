"""Load an approved base, turn prompts and pictures into its terms, and draw with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from diffusers import StableDiffusionPipeline
from PIL import Image

from training.dreambooth.checks import require_same_base
from training.dreambooth.noise import number
from training.dreambooth.progress import FailedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from torch import Tensor

    from training.dreambooth.checks import Approved
    from training.dreambooth.options import Tuning


def load(approved: Approved) -> StableDiffusionPipeline:
    """The approved base in fp32, on the GPU where there is one. Only safetensors are read."""
    try:
        pipeline = StableDiffusionPipeline.from_pretrained(
            approved.base,
            local_files_only=True,
            use_safetensors=True,
            dtype=torch.float32,
        )
    except (OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError) as error:
        raise FailedError("base_unloadable", f"The base cannot be loaded: {error}") from error
    require_same_base(approved)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline.to("cuda" if torch.cuda.is_available() else "cpu")


def native_size(pipeline: StableDiffusionPipeline, wanted: int = 0) -> int:
    """Side in pixels: `wanted`, or the base's own, cut to a multiple that its UNet can halve."""
    factor: int = pipeline.vae_scale_factor
    halvings: int = 2 ** (len(pipeline.unet.config.block_out_channels) - 1)
    step = factor * halvings
    return max(step, (wanted or pipeline.unet.config.sample_size * factor) // step * step)


def embed(pipeline: StableDiffusionPipeline, prompts: Sequence[str]) -> Tensor:
    """The frozen text encoder's answer to each prompt, of shape (prompts, tokens, width)."""
    tokens = pipeline.tokenizer(
        list(prompts),
        padding="max_length",
        max_length=pipeline.tokenizer.model_max_length,
        truncation=True,
        return_tensors="pt",
    ).input_ids
    with torch.no_grad():
        parts = [pipeline.text_encoder(part.to(pipeline.device))[0] for part in tokens.split(256)]
    return torch.cat(parts)


def moments(
    pipeline: StableDiffusionPipeline, pictures: Sequence[NDArray[np.uint8]], size: int
) -> Tensor:
    """Mean and deviation of each picture's latents, of shape (2, pictures, c, h, w), scaled."""
    means, deviations = [], []
    with torch.no_grad():
        for picture in pictures:
            pixels = torch.from_numpy(square(picture, size)).permute(2, 0, 1)[None]
            spread = pipeline.vae.encode(pixels.to(pipeline.device).float() / 127.5 - 1).latent_dist
            means.append(spread.mean)
            deviations.append(spread.std)
    return torch.stack([torch.cat(means), torch.cat(deviations)]) * (
        pipeline.vae.config.scaling_factor
    )


def square(picture: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """The centre of `picture`, reduced so that its shorter side is `size` pixels."""
    height, width = picture.shape[:2]
    side = min(height, width)
    left, top = (width - side) / 2, (height - side) / 2
    reduced = Image.fromarray(picture).resize(
        (size, size), Image.Resampling.LANCZOS, box=(left, top, left + side, top + side)
    )
    return np.array(reduced)


def draw(
    pipeline: StableDiffusionPipeline,
    prompt: str,
    seeds: Sequence[int],
    tuning: Tuning,
    check: Callable[[], None],
) -> list[Image.Image]:
    """One picture of `prompt` a seed. `check` is called at each denoising step, and may raise."""

    def between_steps(_pipe: Any, _step: int, _time: Any, values: dict[str, Any]) -> dict[str, Any]:
        check()
        return values

    size = native_size(pipeline, tuning.resolution)
    result = pipeline(
        [prompt] * len(seeds),
        num_inference_steps=tuning.sample_steps,
        guidance_scale=tuning.guidance,
        height=size,
        width=size,
        generator=[torch.Generator().manual_seed(number(seed, 0, "draw")) for seed in seeds],
        callback_on_step_end=between_steps,
    )
    return list(result.images)
