"""CPU time of a training step on one core: ours against a plain loop like diffusers' own.

`python benchmarks/training.py [--stock FOLDER]`. The plain loop encodes the picture and the prompt
each step and uses the for-loop AdamW under accelerate, as `train_dreambooth.py` and
`train_dreambooth_lora.py` do. With `--stock`, a folder with those two scripts, they are timed too.
Each contender is a process of its own; they take turns, and only ratios are told.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
WARM, STEPS, ROUNDS = 2, 5, 2
PICTURES = 4
TOKEN, PROMPT = "zwx", "a picture of zwx style"


@dataclass(frozen=True)
class Shape:
    """How large a base is; the VAE of `medium` takes about a third of a step, as that of SD 1.5."""

    pixels: int
    unet: tuple[int, ...]
    vae: tuple[int, ...]
    text: int
    groups: int


SHAPES = {
    "micro": Shape(32, (32, 64), (16, 32), 64, 8),
    "medium": Shape(256, (64, 128, 192), (64, 96, 128, 128), 256, 32),
    "heavy optimiser": Shape(64, (160, 320), (16, 32, 32, 32), 256, 8),
}


def build(shape: Shape, folder: Path) -> None:
    """A base of random weights, as a whole diffusers folder."""
    import torch
    from diffusers import (
        AutoencoderKL,
        DDPMScheduler,
        StableDiffusionPipeline,
        UNet2DConditionModel,
    )
    from transformers import CLIPTextConfig, CLIPTextModel

    from training.dreambooth.words import build_tokenizer

    torch.manual_seed(0)
    tokenizer, levels = build_tokenizer(), len(shape.unet)
    factor = 2 ** (len(shape.vae) - 1)
    unet = UNet2DConditionModel(
        sample_size=shape.pixels // factor, in_channels=4, out_channels=4,
        down_block_types=(*["CrossAttnDownBlock2D"] * (levels - 1), "DownBlock2D"),
        up_block_types=("UpBlock2D", *["CrossAttnUpBlock2D"] * (levels - 1)),
        block_out_channels=shape.unet, layers_per_block=1, norm_num_groups=shape.groups,
        attention_head_dim=8, cross_attention_dim=shape.text,
    )  # fmt: skip
    vae = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * len(shape.vae),
        up_block_types=("UpDecoderBlock2D",) * len(shape.vae), block_out_channels=shape.vae,
        layers_per_block=1, latent_channels=4, norm_num_groups=min(16, shape.vae[0]),
        sample_size=shape.pixels,
    )  # fmt: skip
    config = CLIPTextConfig(
        vocab_size=len(tokenizer), hidden_size=shape.text, intermediate_size=2 * shape.text,
        num_hidden_layers=2, num_attention_heads=4, max_position_embeddings=16,
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    StableDiffusionPipeline(
        vae=vae, text_encoder=CLIPTextModel(config), tokenizer=tokenizer, unet=unet,
        scheduler=DDPMScheduler(clip_sample=False, steps_offset=1, beta_schedule="scaled_linear"),
        safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    ).save_pretrained(folder)  # fmt: skip


def pictures(size: int) -> list[Any]:
    import numpy as np

    rng = np.random.default_rng(0)
    return [rng.integers(0, 256, (size, size, 3), dtype=np.uint8) for _ in range(PICTURES)]


def ours(base: Path, method: str, size: int) -> None:
    """The product's own steps, without the checks of a manifest, which are no part of a step."""
    from training.dreambooth import process

    process.prepare()
    process.use_threads(1)
    from training.datasets.rules import Manifest, ManifestImage
    from training.dreambooth import learn
    from training.dreambooth.checks import Approved
    from training.dreambooth.model import Model
    from training.dreambooth.options import Tuning
    from training.dreambooth.progress import StopSwitch
    from training.dreambooth.trainee import Trainee

    images = tuple(ManifestImage(str(i), str(i), "", str(i)) for i in range(PICTURES))
    manifest = Manifest("", "", "", "", "", TOKEN, PROMPT, "a picture", (), {}, images)
    tuning = Tuning(
        method="lora" if method == "lora" else "full", train_text_encoder=method == "text",
        device="cpu", batch_size=1, prior_weight=0.0, learning_rate=1e-5,
    )  # fmt: skip
    process.settle(tuning)
    approved = Approved(manifest, "", base, tuple(pictures(size)), ())
    model = Model(approved, tuning)
    sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - progress lines are not wanted here
    lesson = learn.prepare(model, approved, tuning, StopSwitch())
    sys.stdout = sys.__stdout__
    trainee = Trainee(model, tuning)
    measure(lambda step: learn.take_step(lesson, trainee, step))


def plain(base: Path, method: str, size: int) -> None:
    """What the stock scripts do in a step, with accelerate and an AdamW that is not fused."""
    import torch

    torch.set_num_threads(1)
    from accelerate import Accelerator
    from diffusers import (
        AutoencoderKL,
        DDPMScheduler,
        StableDiffusionPipeline,
        UNet2DConditionModel,
    )
    from diffusers.optimization import get_scheduler
    from peft import LoraConfig
    from transformers import CLIPTextModel, CLIPTokenizer

    del StableDiffusionPipeline  # the scripts import it before the first step, so we do
    accelerator = Accelerator(cpu=True)
    tokenizer = CLIPTokenizer.from_pretrained(base / "tokenizer")
    text = CLIPTextModel.from_pretrained(base / "text_encoder").requires_grad_(False)
    vae = AutoencoderKL.from_pretrained(base / "vae").requires_grad_(False)
    unet = UNet2DConditionModel.from_pretrained(base / "unet")
    scheduler = DDPMScheduler.from_pretrained(base / "scheduler")
    if method == "lora":
        unet.requires_grad_(False)
        names = ["to_k", "to_q", "to_v", "to_out.0", "add_k_proj", "add_v_proj"]
        unet.add_adapter(
            LoraConfig(r=4, lora_alpha=4, init_lora_weights="gaussian", target_modules=names)
        )
    text.requires_grad_(method == "text")
    weights = [one for part in (unet, text) for one in part.parameters() if one.requires_grad]
    optimiser = torch.optim.AdamW(weights, lr=1e-5)
    pixels = [torch.from_numpy(one).permute(2, 0, 1).float() / 127.5 - 1 for one in pictures(size)]
    ids = tokenizer(PROMPT, padding="max_length", truncation=True, return_tensors="pt").input_ids[0]
    loader = torch.utils.data.DataLoader([(one, ids) for one in pixels], batch_size=1, shuffle=True)
    rates = get_scheduler("constant", optimizer=optimiser)
    unet, text, optimiser, loader, rates = accelerator.prepare(unet, text, optimiser, loader, rates)
    unet.train()
    batches = iter(batch for _ in range(1000) for batch in loader)

    def step(_number: int) -> None:
        with accelerator.accumulate(unet):
            batch, prompt = next(batches)
            latents = vae.encode(batch).latent_dist.sample() * vae.config.scaling_factor
            noise = torch.randn_like(latents)
            times = torch.randint(0, 1000, (len(latents),)).long()
            noisy = scheduler.add_noise(latents, noise, times)
            said = text(prompt, return_dict=False)[0]
            predicted = unet(noisy, times, said, return_dict=False)[0]
            loss = torch.nn.functional.mse_loss(predicted.float(), noise.float(), reduction="mean")
            accelerator.backward(loss)
            if accelerator.sync_gradients:
                accelerator.clip_grad_norm_(weights, 1.0)
            optimiser.step()
            rates.step()
            optimiser.zero_grad()
        loss.detach().item()

    measure(step)


def measure(step: Any) -> None:
    """Print CPU seconds a step (median), CPU seconds to the first step's end, and peak memory."""
    step(0)
    first = time.process_time()
    for number in range(1, WARM):
        step(number)
    taken = []
    for number in range(WARM, WARM + STEPS):
        begun = time.process_time()
        step(number)
        taken.append(time.process_time() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"step": statistics.median(taken), "start": first, "peak": peak}))


def stock(
    script: Path, base: Path, size: int, folder: Path, *, text: bool = False
) -> dict[str, float]:
    """The script itself: CPU time by two runs of different length; both start alike."""
    from PIL import Image

    data = folder / "stock"
    data.mkdir(exist_ok=True)
    for number, one in enumerate(pictures(size)):
        Image.fromarray(one).save(data / f"{number}.png")
    spent = []
    for steps in (1, 2 * STEPS):
        argv = [
            sys.executable, ROOT / "benchmarks" / "stock", script,
            f"--pretrained_model_name_or_path={base}",
            f"--instance_data_dir={data}", f"--instance_prompt={PROMPT}", f"--resolution={size}",
            "--train_batch_size=1", f"--max_train_steps={steps}", f"--output_dir={folder / 'out'}",
            "--dataloader_num_workers=0", "--learning_rate=1e-5",
            *(["--train_text_encoder"] if text else []),
        ]  # fmt: skip
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(argv, check=True, capture_output=True, env=_environment())
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return {"step": (spent[1] - spent[0]) / (2 * STEPS - 1), "start": spent[0], "peak": 0.0}


def _environment() -> dict[str, str]:
    return os.environ | {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "PYTHONWARNINGS": "ignore"}


def contend(who: str, base: Path, method: str, size: int) -> dict[str, float]:
    argv = [sys.executable, __file__, "--contender", who, str(base), method, str(size)]
    ran = subprocess.run(argv, check=True, capture_output=True, text=True, env=_environment())
    told: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return told


def compare(name: str, shape: Shape, method: str, folder: Path, scripts: Path | None) -> None:
    base = folder / name.replace(" ", "-")
    if not base.exists():
        build(shape, base)
    rivals = {"plain loop": lambda: contend("plain", base, method, shape.pixels)}
    if scripts is not None:
        script = scripts / f"train_dreambooth{'_lora' if method == 'lora' else ''}.py"
        rivals["stock script"] = lambda: stock(
            script, base, shape.pixels, folder, text=method == "text"
        )
    own = [contend("ours", base, method, shape.pixels)]
    for rival, run in rivals.items():
        theirs = [run()]
        for _ in range(ROUNDS - 1):
            own.append(contend("ours", base, method, shape.pixels))
            theirs.append(run())
        best = {key: (min(o[key] for o in own), min(t[key] for t in theirs)) for key in own[0]}
        peak = f", peak memory {best['peak'][0] / best['peak'][1]:.2f}" if best["peak"][1] else ""
        faster = best["step"][1] / best["step"][0]
        start = best["start"][0] / best["start"][1]
        print(
            f"  {name}, {method}, against the {rival}: {faster:.2f} times as many steps a CPU"
            f" second; start-up {start:.2f}{peak}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--stock", type=Path, help="folder of train_dreambooth.py and its sister")
    parser.add_argument("--contender", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--only", choices=SHAPES, help="one base only")
    options = parser.parse_args()
    if options.contender:
        who, base, method, size = options.contender
        (ours if who == "ours" else plain)(Path(base), method, int(size))
        return
    with tempfile.TemporaryDirectory() as folder:
        for name, shape in SHAPES.items():
            for method in ("full", "lora", "text"):
                if options.only in {None, name}:
                    compare(name, shape, method, Path(folder), options.stock)


if __name__ == "__main__":
    main()
