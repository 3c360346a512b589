"""What a Stable Diffusion folder must hold, read from its JSON files before any weight."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from training.bases.rules import BaseRefusedError

if TYPE_CHECKING:
    from pathlib import Path

SCHEDULER = "scheduler/scheduler_config.json"
WEIGHTS = {
    "unet": "diffusion_pytorch_model",
    "vae": "diffusion_pytorch_model",
    "text_encoder": "model",
    "text_encoder_2": "model",
}
AGAIN = "download the base again, it is not complete."


class Family(StrEnum):
    """The pipelines that can be trained, by diffusers' names."""

    SD = "StableDiffusionPipeline"
    XL = "StableDiffusionXLPipeline"


def require_whole(folder: Path) -> Family:
    """The family of the base in `folder`. Raises BaseRefusedError with what is missing or odd."""
    index = _json(folder, "model_index.json")
    try:
        family = Family(str(index.get("_class_name")))
    except ValueError:
        raise BaseRefusedError(
            f"The base is a {index.get('_class_name')}: only Stable Diffusion 1.x, 2.x and XL "
            "(text to image) can be trained here."
        ) from None
    encoders = ["text_encoder", "text_encoder_2"] if family is Family.XL else ["text_encoder"]
    for encoder in encoders:
        if not (folder / encoder.replace("text_encoder", "tokenizer")).is_dir():
            raise BaseRefusedError(f"The base lacks a tokenizer for {encoder}: {AGAIN}")
    _json(folder, SCHEDULER)
    configs = {part: _part(folder, part) for part in ("unet", "vae", *encoders)}
    _require_fit(configs, encoders)
    return family


def _part(folder: Path, part: str) -> dict[str, Any]:
    config = _json(folder, f"{part}/config.json")
    name = f"{part}/{WEIGHTS[part]}.safetensors"
    shards = f"{name}.index.json"
    named = [name]
    if not (folder / name).is_file() and (folder / shards).is_file():
        named = [f"{part}/{one}" for one in set(_json(folder, shards)["weight_map"].values())]
    missing = sorted(one for one in named if not (folder / one).is_file())
    if missing:
        raise BaseRefusedError(f"The base lacks {missing[0]}: only safetensors are read; {AGAIN}")
    return config


def _require_fit(configs: dict[str, dict[str, Any]], encoders: list[str]) -> None:
    """Text encoder and picture encoder must be those that the UNet was made for."""
    wanted = configs["unet"].get("cross_attention_dim")
    given = sum(int(configs[encoder].get("hidden_size", 0)) for encoder in encoders)
    if wanted not in (given, [given] * len(wanted) if isinstance(wanted, list) else given):
        raise BaseRefusedError(
            f"The text encoder gives {given} numbers a word and the UNet takes {wanted}: put the "
            "text encoder back that belongs to this base."
        )
    channels = configs["vae"].get("latent_channels")
    if configs["unet"].get("in_channels") != channels:
        raise BaseRefusedError(
            f"The UNet takes {configs['unet'].get('in_channels')} channels and the VAE gives "
            f"{channels}: inpainting and other special UNets cannot be trained here."
        )


def _json(folder: Path, name: str) -> dict[str, Any]:
    try:
        body = json.loads((folder / name).read_bytes())
    except FileNotFoundError:
        raise BaseRefusedError(f"The base lacks {name}: {AGAIN}") from None
    except (OSError, ValueError) as error:
        raise BaseRefusedError(f"The base's {name} cannot be read: {AGAIN}") from error
    if not isinstance(body, dict):
        raise BaseRefusedError(f"The base's {name} is no JSON object: {AGAIN}")
    return body
