"""`python -m training.dreambooth.build_base OUT_DIR`: a tiny Stable Diffusion, made on the spot.

A complete diffusers folder of a few MB, trained only on shapes that this program draws, in
about a minute and a half on two cores. The same seed, steps and machine give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.dreambooth import process
from training.dreambooth.folder import whole_folder
from training.dreambooth.progress import Phase, StoppedError, StopSwitch, emit

if TYPE_CHECKING:
    from collections.abc import Callable

    from diffusers import AutoencoderKL, StableDiffusionPipeline
    from torch import Tensor

PICTURES = 4096
VAE_BATCH, UNET_BATCH = 8, 8
VAE_SHARE = 0.2
"""Steps of the autoencoder's training for each step of the UNet's."""
VAE_RATE, UNET_RATE = 2e-3, 2e-3
NO_CAPTION = 0.1
"""Share of pictures trained without their caption, for classifier-free guidance."""


def main(argv: list[str]) -> int:
    """Build the base; the exit code is 0, 3 when stopped by SIGTERM."""
    parser = argparse.ArgumentParser(prog="training.dreambooth.build_base")
    parser.add_argument("out", type=Path, help="folder to make; an older one is replaced")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=600, help="training steps of the UNet")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args(argv)
    stop = StopSwitch().listen()
    process.prepare()
    process.use_threads(options.threads)
    try:
        with whole_folder(options.out) as folder:
            pipeline = build(seed=options.seed, steps=options.steps, stop=stop)
            save(pipeline, folder, seed=options.seed, steps=options.steps)
    except StoppedError as stopped:
        emit("error", code="stopped", message=str(stopped))
        return 3
    emit("done", folder=str(options.out))
    return 0


def build(*, seed: int, steps: int, stop: StopSwitch) -> StableDiffusionPipeline:
    """Draw the shapes, then train the autoencoder and the UNet on them."""
    import torch
    from diffusers import StableDiffusionPipeline

    from training.dreambooth import shapes, tiny, words

    torch.manual_seed(seed)
    count = pictures_for(steps)
    pixels, captions = shapes.collect(seed, count, tiny.SIZE)
    pictures = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 127.5 - 1
    vae = tiny.build_vae(pictures[:1024])
    tokenizer = words.build_tokenizer()
    pipeline = StableDiffusionPipeline(
        vae=vae,
        text_encoder=tiny.build_text_encoder(tokenizer),
        tokenizer=tokenizer,
        unet=tiny.build_unet(),
        scheduler=tiny.build_scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    _train_vae(vae, pictures, seed, max(1, int(steps * VAE_SHARE)), stop)
    latents = _encode(vae, pictures)
    _train_unet(pipeline, latents, captions, seed, steps, stop)
    return pipeline


def pictures_for(steps: int) -> int:
    """How many pictures are drawn for a training of `steps`."""
    return min(PICTURES, max(256, steps * UNET_BATCH))


def _train_vae(
    vae: AutoencoderKL, pictures: Tensor, seed: int, steps: int, stop: StopSwitch
) -> None:
    import torch

    from training.dreambooth.noise import generator, picks

    optimiser = torch.optim.AdamW(vae.parameters(), lr=VAE_RATE, weight_decay=0, fused=True)
    phase = Phase("vae", steps)
    for step in range(steps):
        stop.check()
        batch = pictures[picks(seed, step, VAE_BATCH, len(pictures), "vae")]
        latents = vae.encode(batch).latent_dist.sample(generator(seed, step, "vae"))
        loss = (vae.decode(latents).sample - batch).abs().mean()
        _descend(optimiser, loss, VAE_RATE * _fade(step, steps))
        if phase.due(step + 1):
            phase.tell(step + 1, loss.item())


def _encode(vae: AutoencoderKL, pictures: Tensor) -> Tensor:
    """Latents of deviation 1; the factor is kept in the VAE's config, as diffusers expects."""
    import torch

    with torch.no_grad():
        parts = [vae.encode(part).latent_dist.mean for part in pictures.split(256)]
    latents = torch.cat(parts)
    factor = round(1 / latents.std().item(), 4)
    vae.register_to_config(scaling_factor=factor)
    return latents * factor


def _train_unet(
    pipeline: StableDiffusionPipeline,
    latents: Tensor,
    captions: list[str],
    seed: int,
    steps: int,
    stop: StopSwitch,
) -> None:
    import torch

    from training.dreambooth.noise import Diffusion, draw_noise, generator, picks

    texts = _embed(pipeline, [*captions, ""])
    unet, diffusion = pipeline.unet, Diffusion.of(pipeline.scheduler)
    optimiser = torch.optim.AdamW(unet.parameters(), lr=UNET_RATE, betas=(0.9, 0.99), fused=True)
    phase = Phase("unet", steps)
    for step in range(steps):
        stop.check()
        random = generator(seed, step, "unet")
        chosen = torch.tensor(picks(seed, step, UNET_BATCH, len(captions), "unet"))
        silent = torch.rand(UNET_BATCH, generator=random) < NO_CAPTION
        batch, said = latents[chosen], texts[chosen.masked_fill(silent, len(captions))]
        noise = draw_noise(batch.shape, random)
        times = torch.randint(len(diffusion.kept), (UNET_BATCH,), generator=random)
        predict = _predictor(unet, said)
        loss = diffusion.losses(predict, batch, noise, times).mean()
        _descend(optimiser, loss, UNET_RATE * _fade(step, steps))
        if phase.due(step + 1):
            phase.tell(step + 1, loss.item())


def _predictor(unet: Any, said: Tensor) -> Callable[[Tensor, Tensor], Tensor]:
    return lambda noisy, times: unet(noisy, times, encoder_hidden_states=said).sample


def _embed(pipeline: StableDiffusionPipeline, captions: list[str]) -> Tensor:
    """The text encoder's answer to each caption, of shape (captions, tokens, width)."""
    import torch

    tokens = pipeline.tokenizer(
        captions,
        padding="max_length",
        max_length=pipeline.tokenizer.model_max_length,
        truncation=True,
        return_tensors="pt",
    ).input_ids
    with torch.no_grad():
        return torch.cat([pipeline.text_encoder(part)[0] for part in tokens.split(256)])


def _descend(optimiser: object, loss: Tensor, rate: float) -> None:
    import torch

    assert isinstance(optimiser, torch.optim.Optimizer)  # noqa: S101
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()


def _fade(step: int, steps: int) -> float:
    """Twenty steps of warm-up, then half a cosine down to a twentieth."""
    return min(1.0, (step + 1) / 20) * (0.525 + 0.475 * math.cos(math.pi * step / steps))


def save(pipeline: StableDiffusionPipeline, folder: Path, *, seed: int, steps: int) -> None:
    """Write the pipeline and the statement of what it was trained on."""
    pipeline.save_pretrained(folder, safe_serialization=True)
    statement = {
        "statement": "Trained only on pictures of plain shapes drawn by "
        "training/dreambooth/shapes.py. No person's work was used.",
        "licence": "Apache-2.0",
        "cleared": True,
        "pictures": pictures_for(steps),
        "seed": seed,
        "steps": steps,
    }
    text = json.dumps(statement, indent=1) + "\n"
    (folder / "PROVENANCE.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
