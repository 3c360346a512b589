"""Pictures that a model draws: samples, inputs of the audit, validation; each with fixed seeds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import torch

from training.datasets.rules import says
from training.dreambooth.folder import write_json
from training.dreambooth.model import as_pipeline
from training.dreambooth.noise import number
from training.dreambooth.progress import Phase, emit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PIL import Image

    from training.datasets.rules import Manifest
    from training.dreambooth.job import Job
    from training.dreambooth.learn import Lesson
    from training.dreambooth.model import Model
    from training.dreambooth.options import Tuning
    from training.dreambooth.progress import StopSwitch
    from training.dreambooth.trainee import Trainee

CAPTIONS = 4
"""Captions of single pictures that samples are drawn for, at most."""


def prompt_sets(manifest: Manifest, said: Sequence[str]) -> dict[str, str]:
    """Prompt -> the set it belongs to, in the order that they are drawn in.

    training: what pictures were trained under; token: the token in other prompts; neutral: no
    token, that is the class prompt and the token's prompts without it. Nothing is made up.
    """
    token = [prompt for prompt in manifest.sample_prompts if says(prompt, manifest.token)]
    bare = [prompt for prompt in manifest.sample_prompts if prompt not in token]
    sets = dict.fromkeys(token, "token") | dict.fromkeys(bare, "neutral")
    sets |= {manifest.instance_prompt: "training", manifest.class_prompt: "neutral"}
    captions = [caption for caption in dict.fromkeys(said) if caption not in sets]
    sets |= dict.fromkeys(captions[:CAPTIONS], "training")
    without = (_without(prompt, manifest.token) for prompt in token)
    return sets | {prompt: "neutral" for prompt in without if prompt and prompt not in sets}


def _without(prompt: str, token: str) -> str:
    cut = re.sub(rf"(?<!\w){re.escape(token)}(?!\w)", " ", prompt, flags=re.IGNORECASE)
    return " ".join(cut.split())


def save(
    pipeline: Any, model: Model, lesson: Lesson, manifest: Manifest, output: Path, stop: StopSwitch
) -> None:
    """Draw the manifest's prompts into samples/, further ones into audit/, and list all."""
    tuning = lesson.tuning
    asked = [
        (prompt, {"prompt": prompt, "set": kind})
        for prompt, kind in prompt_sets(manifest, lesson.said).items()
    ]
    asked += [  # whose name it was is told, not the name: what is listed outlives the list of names
        (prompt, {"prompt": "", "set": "name", "party": party})
        for party, prompt in model.approved.names
    ]
    own = {*manifest.sample_prompts, manifest.instance_prompt, manifest.class_prompt}
    seeds = [tuning.seed + index for index in range(tuning.samples_per_prompt)]
    listed: list[dict[str, Any]] = []
    phase = Phase("sample", len(asked))
    for index, (prompt, told) in enumerate(asked):
        stop.check()
        folder = output / ("samples" if told["prompt"] in own else "audit")
        folder.mkdir(exist_ok=True)
        for seed, picture in zip(
            seeds, draw(pipeline, model, prompt, seeds, tuning, stop.check), strict=True
        ):
            name = f"{index:02d}-{seed}.png"
            picture.save(folder / name)
            listed.append({"file": f"{folder.name}/{name}", "seed": seed} | told)
        phase.tell(index + 1)
    short = [
        {"file": one["file"].removeprefix("samples/"), "prompt": one["prompt"], "seed": one["seed"]}
        for one in listed
        if one["prompt"] in own
    ]
    (output / "audit").mkdir(exist_ok=True)
    write_json(output / "samples" / "samples.json", short)
    write_json(output / "audit" / "audit.json", listed)


def draw(
    pipeline: Any,
    model: Model,
    prompt: str,
    seeds: Sequence[int],
    tuning: Tuning,
    check: Callable[[], None],
) -> list[Image.Image]:
    """One picture of `prompt` a seed. `check` is called at each denoising step, and may raise."""

    def between_steps(_pipe: Any, _step: int, _time: Any, values: dict[str, Any]) -> dict[str, Any]:
        check()
        return values

    if not seeds:
        return []
    size = model.native_size(tuning.resolution)
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


def validator(job: Job, model: Model, trainee: Trainee, stop: StopSwitch) -> Callable[[int], None]:
    """A function that draws the manifest's sample prompts after so many steps into validation/."""
    manifest, tuning = model.approved.manifest, job.tuning

    def show(step: int) -> None:
        folder = job.beside("validation")
        folder.mkdir(exist_ok=True)
        held = set(model.held)
        trainee.teach(on=False)
        files: list[str] = []
        pipeline = as_pipeline(model)
        prompts = manifest.sample_prompts or (manifest.instance_prompt,)
        for index, prompt in enumerate(prompts):
            for picture in draw(pipeline, model, prompt, [tuning.seed], tuning, stop.check):
                name = f"step-{step:08d}-{index}-{tuning.seed}.png"
                picture.save(folder / name)
                files.append(f"{folder.name}/{name}")
        model.release(*(set(model.held) - held))
        trainee.teach(on=True)
        emit("validation", step=step, files=files)

    return show
