"""Every option of a run: type, default, unit, limits, and the diffusers flag that it answers to.

Prompts, token, pictures and base come from the signed manifest; a job cannot name them. The
JSON schema and the table in docs/training.md are made from this one list.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Option:
    """What may be said for one option. Limits are included; a switch has neither."""

    unit: str
    flag: str = ""
    """The flag of diffusers' DreamBooth scripts; empty where they have none."""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    weights: bool = True
    """Whether the trained weights depend on it: a run resumes only with the same value."""


def _number(
    default: float, unit: str, low: float, high: float, flag: str = "", *, weights: bool = True
) -> Any:
    option = Option(unit, flag, low=low, high=high, weights=weights)
    return field(default=default, metadata={"option": option})


def _choice(choices: str, unit: str, flag: str = "") -> Any:
    """One of `choices`, which are words separated by spaces; the first is the default."""
    words = tuple(choices.split())
    return field(default=words[0], metadata={"option": Option(unit, flag, choices=words)})


def _switch(default: bool, unit: str, flag: str = "") -> Any:
    return field(default=default, metadata={"option": Option(unit, flag)})


@dataclass(frozen=True)
class Tuning:
    """How a run learns, never what it learns from."""

    method: str = _choice(
        "full lora", "all weights, or low-rank additions", "train_dreambooth_lora.py"
    )
    steps: int = _number(500, "optimiser steps", 1, 100_000, "max_train_steps")
    batch_size: int = _number(
        4, "pictures a step, and as many class pictures", 1, 64, "train_batch_size"
    )
    accumulation: int = _number(
        1, "batches whose gradients make one step", 1, 256, "gradient_accumulation_steps"
    )
    learning_rate: float = _number(
        0.0, "per step, at its highest; 0 goes by method and size of the UNet", 0, 1e-2,
        "learning_rate",
    )  # fmt: skip
    text_learning_rate: float = _number(
        0.0, "the text encoder's; 0 takes learning_rate", 0, 1e-2,
        "text_encoder_lr",
    )  # fmt: skip
    schedule: str = _choice(
        "constant linear cosine cosine_with_restarts polynomial",
        "way of the learning rate after the warm-up", "lr_scheduler",
    )  # fmt: skip
    warmup_steps: int = _number(
        20, "steps until the learning rate is at its highest", 0, 10_000, "lr_warmup_steps"
    )
    cycles: int = _number(1, "restarts of cosine_with_restarts", 1, 100, "lr_num_cycles")
    power: float = _number(1.0, "exponent of polynomial", 0.1, 10, "lr_power")
    beta1: float = _number(0.9, "AdamW's memory of gradients", 0, 0.9999, "adam_beta1")
    beta2: float = _number(0.999, "AdamW's memory of their squares", 0, 0.99999, "adam_beta2")
    weight_decay: float = _number(
        1e-2, "AdamW's decay, per learning rate", 0, 1, "adam_weight_decay"
    )
    epsilon: float = _number(1e-8, "AdamW's least divisor", 1e-16, 1e-3, "adam_epsilon")
    max_grad_norm: float = _number(
        1.0, "norm at which gradients are clipped; 0 never", 0, 1000, "max_grad_norm"
    )
    prior_weight: float = _number(
        1.0, "weight of the class pictures' loss; 0 uses none", 0, 10,
        "with_prior_preservation, prior_loss_weight",
    )  # fmt: skip
    class_count: int = _number(
        32, "class pictures to generate", 1, 10_000, "num_class_images", weights=False
    )
    min_snr_gamma: float = _number(
        0.0, "cap of the signal-to-noise ratio; 0 weights all alike", 0, 100, "snr_gamma"
    )
    noise_offset: float = _number(
        0.0, "deviation of a shift of the noise, one a channel", 0, 1, "offset_noise"
    )
    prediction: str = _choice(
        "auto epsilon v_prediction", "what the UNet predicts; auto: as the base says",
        "prediction_type",
    )  # fmt: skip
    train_text_encoder: bool = _switch(
        False, "also train the text encoder(s)", "train_text_encoder"
    )
    rank: int = _number(4, "rank of a low-rank addition", 1, 512, "rank")
    alpha: float = _number(
        0.0, "its scale times rank; 0 is the rank: scale 1", 0, 1024, "lora_alpha"
    )
    lora_dropout: float = _number(0.0, "share of inputs that it leaves out", 0, 0.9, "lora_dropout")
    ema_decay: float = _number(
        0.0, "share kept a step by the averaged weights, which are saved; 0 averages none", 0,
        0.99999, "use_ema",
    )  # fmt: skip
    seed: int = _number(0, "seed of every random number", 0, 2**31 - 1, "seed")
    resolution: int = _number(0, "pixels a side; 0 takes the base's own", 0, 2048, "resolution")
    crop: str = _choice("centre random", "which square of a picture is taken", "center_crop")
    flip: bool = _switch(False, "mirror half of the pictures", "random_flip")
    captions: bool = _switch(True, "use the manifest's captions, where a picture has one")
    precision: str = _choice("fp32 bf16 fp16", "of the UNet's arithmetic", "mixed_precision")
    gradient_checkpointing: bool = _switch(
        False, "compute activations twice, for less memory", "gradient_checkpointing"
    )
    channels_last: str = _choice(
        "auto on off", "layout of the UNet; auto: on a GPU and on wide UNets"
    )
    compile: bool = _switch(False, "torch.compile; minutes of start-up, not bit-equal to without")
    tf32: bool = _switch(False, "TF32 on a GPU", "allow_tf32")
    device: str = _choice("auto cpu gpu", "where to train; auto: on a GPU where there is one")
    threads: int = _number(1, "CPU threads; 0 leaves the choice to torch", 0, 256)
    checkpoint_every: int = _number(
        250, "steps between checkpoints; 0 only on SIGTERM", 0, 100_000, "checkpointing_steps",
        weights=False,
    )  # fmt: skip
    checkpoint_limit: int = _number(
        2, "checkpoints kept", 1, 100, "checkpoints_total_limit", weights=False
    )
    validation_every: int = _number(
        0, "steps between validation pictures; 0 none", 0, 100_000, "validation_steps",
        weights=False,
    )  # fmt: skip
    sample_steps: int = _number(20, "denoising steps of a picture", 1, 1000, weights=False)
    samples_per_prompt: int = _number(4, "pictures", 0, 64, "num_validation_images", weights=False)
    guidance: float = _number(
        3.0, "classifier-free guidance of samples and class pictures", 1, 30, weights=False
    )


OPTIONS: dict[str, tuple[Option, Any]] = {
    item.name: (item.metadata["option"], item.default) for item in fields(Tuning)
}
"""Name -> what may be said, and the default."""


def weights_options(tuning: Tuning) -> dict[str, Any]:
    """The options that the trained weights depend on."""
    return {name: value for name, value in asdict(tuning).items() if OPTIONS[name][0].weights}


def schema(presets: dict[str, list[str]]) -> dict[str, Any]:
    """The JSON schema of a job file; `presets` names the kinds and their paces."""
    properties: dict[str, Any] = {
        "manifest": {
            "type": "string",
            "description": "path of the signed manifest, from the job's folder",
        },
        "preset": {
            "enum": sorted(presets),
            "description": "fills in options that the job does not name",
        },
        "pace": {
            "enum": sorted({pace for paces in presets.values() for pace in paces}),
            "default": "standard",
        },
    }
    properties |= {name: _property(option, default) for name, (option, default) in OPTIONS.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "DreamBooth job",
        "type": "object",
        "properties": properties,
        "required": ["manifest"],
        "additionalProperties": False,
    }


def _property(option: Option, default: Any) -> dict[str, Any]:
    body: dict[str, Any] = {"description": option.unit, "default": default}
    if option.choices:
        return body | {"enum": list(option.choices)}
    if isinstance(default, bool):
        return body | {"type": "boolean"}
    kind = "integer" if isinstance(default, int) else "number"
    return body | {"type": kind, "minimum": option.low, "maximum": option.high}


def table() -> str:
    """The options as a Markdown table."""
    rows = ["| option | default | values | unit | diffusers' flag |", "|---|---|---|---|---|"]
    for name, (option, default) in OPTIONS.items():
        flag = ", ".join(
            f"`{one}`" if "." in one else f"`--{one}`" for one in option.flag.split(", ") if one
        )
        shown = str(default).lower() if isinstance(default, bool) else default
        rows.append(f"| `{name}` | {shown} | {_values(option)} | {option.unit} | {flag or '-'} |")
    return "\n".join(rows)


def _values(option: Option) -> str:
    if option.choices:
        return ", ".join(option.choices)
    return "true, false" if option.low is None else f"{option.low:g} to {option.high:g}"
