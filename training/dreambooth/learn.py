"""DreamBooth with prior preservation (Ruiz et al. 2023), from top to bottom.

The model learns the pictures under their prompts and keeps the class under the class prompt.
What does not change from step to step is computed once: see `cache`.
"""

from __future__ import annotations

import math
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from training.dreambooth import noise
from training.dreambooth.cache import Pictures, Prompts
from training.dreambooth.progress import FailedError, Phase
from training.dreambooth.together import Crew
from training.dreambooth.trainee import DTYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    from training.dreambooth.checkpoints import Keeper
    from training.dreambooth.checks import Approved
    from training.dreambooth.model import Model
    from training.dreambooth.options import Tuning
    from training.dreambooth.progress import StopSwitch
    from training.dreambooth.trainee import Trainee

EXPLODED = 10.0
"""A mean loss that no sound run comes near: an untrained model's is about 1."""
MEASURED_TIMES = 4


@dataclass(frozen=True)
class Lesson:
    """All that the steps of a run draw on."""

    model: Model
    tuning: Tuning
    pictures: Pictures
    prior: Pictures | None
    said: tuple[str, ...]
    """The prompt of each picture."""
    prior_said: str
    prompts: Prompts
    diffusion: noise.Diffusion
    crew: Crew


def prepare(model: Model, approved: Approved, tuning: Tuning, stop: StopSwitch) -> Lesson:
    """Encode pictures and prompts, and let go of the encoders that are not needed any more."""
    phase, manifest = Phase("cache", 1), approved.manifest
    phase.tell(0)
    said = tuple(
        (tuning.captions and image.caption) or manifest.instance_prompt for image in manifest.images
    )
    prompts = Prompts(model, [*said, manifest.class_prompt], frozen=not tuning.train_text_encoder)
    if not tuning.train_text_encoder:
        model.release(*model.encoders)
    size = model.native_size(tuning.resolution)
    pictures = Pictures(model, approved.pictures, size, tuning)
    prior = (
        Pictures(model, approved.class_pictures, size, tuning) if approved.class_pictures else None
    )
    cached = [one.fill(stop.check) for one in (pictures, prior) if one is not None]
    if all(cached):
        model.release("vae")
    diffusion = noise.Diffusion.of(model.scheduler, model.device, tuning.prediction)
    phase.tell(1)
    return Lesson(
        model,
        tuning,
        pictures,
        prior,
        said,
        manifest.class_prompt,
        prompts,
        diffusion,
        Crew(model.device),
    )


def train(
    lesson: Lesson,
    trainee: Trainee,
    keeper: Keeper,
    stop: StopSwitch,
    show: Callable[[int], None],
) -> float:
    """Train to the last step, from the newest checkpoint on; returns the last told mean loss."""
    tuning, crew = lesson.tuning, lesson.crew
    first = crew.in_turn(lambda: keeper.resume(trainee))
    phase, mean = Phase("train", tuning.steps, first), math.nan
    told, total = first, torch.zeros((), device=lesson.model.device)
    for step in range(first, tuning.steps):
        if crew.agree(stop.pulled):
            if crew.leads:
                keeper.save(trainee, step)
            stop.end()
        loss, rate = take_step(lesson, trainee, step)
        total += loss
        done = step + 1
        if not crew.leads:
            continue
        if phase.due(done) or keeper.due(done):  # the only place where the device is waited for
            mean = _sound(total.item() / (done - told), done)
            phase.tell(done, mean, rate)
            told, total = done, torch.zeros_like(total)
        if keeper.due(done):
            keeper.save(trainee, done)
        if tuning.validation_every and done % tuning.validation_every == 0:
            show(done)
    return mean


def take_step(lesson: Lesson, trainee: Trainee, step: int) -> tuple[torch.Tensor, float]:
    """One step of the optimiser: the mean loss of its batches, and its learning rate."""
    parts = lesson.tuning.accumulation
    total = torch.zeros((), device=lesson.model.device)
    for part in lesson.crew.share(parts):
        loss = batch_loss(lesson, step * parts + part) / parts
        trainee.backward(loss)
        total += loss.detach()
    lesson.crew.add_up([total, *(weight.grad for weight in trainee.weights)])
    return total, trainee.descend(step)


def batch_loss(lesson: Lesson, number: int) -> torch.Tensor:
    """The loss of batch `number`: pictures and, weighted, as many class pictures."""
    tuning, model = lesson.tuning, lesson.model
    size, seed = tuning.batch_size, tuning.seed
    random = noise.generator(seed, number, "train")
    if tuning.lora_dropout:
        torch.manual_seed(noise.number(seed, number, "dropout"))
    chosen = noise.picks(seed, number, size, len(lesson.pictures), "a")
    latents, framing = lesson.pictures.sample(chosen, random)
    said = [lesson.said[index] for index in chosen]
    if lesson.prior is not None:
        others = noise.picks(seed, number, size, len(lesson.prior), "class")
        more, their_framing = lesson.prior.sample(others, random)
        latents, framing = torch.cat([latents, more]), torch.cat([framing, their_framing])
        said += [lesson.prior_said] * size
    shifted = noise.draw_noise(latents.shape, random, tuning.noise_offset).to(model.device)
    times = torch.randint(len(lesson.diffusion.kept), (len(latents),), generator=random)
    with arithmetic(lesson):
        predict = model.predictor(lesson.prompts.words(said), framing)
        each = lesson.diffusion.losses(
            predict, latents, shifted, times.to(model.device), tuning.min_snr_gamma
        )
    if lesson.prior is None:
        return each.mean()
    return each[:size].mean() + tuning.prior_weight * each[size:].mean()


@torch.no_grad()
def measure(lesson: Lesson, pictures: Pictures, said: list[str], stop: StopSwitch) -> list[float]:
    """The loss of each picture's centre at a few fixed times with fixed noise.

    Lower after training than before, and lower than that of pictures like it, it tells that a
    picture was a member of the training set.
    """
    model, count = lesson.model, len(lesson.diffusion.kept)
    found = []
    for index, prompt in enumerate(said):
        stop.check()
        latents, framing = pictures.centres([index] * MEASURED_TIMES)
        random = noise.generator(lesson.tuning.seed, index, "measure")
        drawn = noise.draw_noise(latents.shape, random).to(model.device)
        times = (torch.arange(MEASURED_TIMES) * 2 + 1) * count // (2 * MEASURED_TIMES)
        with arithmetic(lesson):
            predict = model.predictor(lesson.prompts.words([prompt] * MEASURED_TIMES), framing)
            found.append(
                lesson.diffusion.losses(predict, latents, drawn, times.to(model.device)).mean()
            )
    return torch.stack(found).tolist() if found else []


def arithmetic(lesson: Lesson) -> AbstractContextManager[object]:
    """Mixed precision, where it is asked for."""
    if lesson.tuning.precision == "fp32":
        return nullcontext()
    return torch.autocast(lesson.model.device.type, DTYPES[lesson.tuning.precision])


def _sound(loss: float, step: int) -> float:
    if not math.isfinite(loss):
        raise FailedError(
            "loss_not_finite",
            f"The loss is no longer a number at step {step}: lower learning_rate, or use fp32.",
        )
    if loss > EXPLODED:
        raise FailedError(
            "loss_exploded",
            f"The loss has grown to {loss:.3g} at step {step}: lower learning_rate, or add "
            "warmup_steps.",
        )
    return loss
