"""An approved base, its parts loaded when they are needed and let go when they are not.

Stable Diffusion 1.x, 2.x and XL look alike from outside: prompts go in as `Words`, and the UNet
is asked through `predictor`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from training.bases.anatomy import Family, require_whole
from training.dreambooth.checks import require_same_base
from training.dreambooth.progress import FailedError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import Tensor

    from training.dreambooth.checks import Approved
    from training.dreambooth.options import Tuning

UNLOADABLE = (OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError, ImportError)


@dataclass(frozen=True)
class Words:
    """Prompts as the UNet takes them: hidden (n, tokens, width), and for XL pooled (n, width)."""

    hidden: Tensor
    pooled: Tensor | None = None

    def __getitem__(self, index: Tensor | list[int]) -> Words:
        return Words(self.hidden[index], None if self.pooled is None else self.pooled[index])


class Model:
    """The parts of one base on one device, in fp32. Only safetensors are read, only from disk."""

    def __init__(self, approved: Approved, tuning: Tuning) -> None:
        self.approved, self.base = approved, approved.base
        self.xl = require_whole(approved.base) is Family.XL
        self.device = torch.device(choose_device(tuning))
        self.held: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        """A part, loaded at its first use: `unet`, `vae`, `text_encoder`, `tokenizer` and so on."""
        if name.startswith("_") or name == "held":
            raise AttributeError(name)
        if name not in self.held:
            self.held[name] = self._load(name)
        return self.held[name]

    def _load(self, name: str) -> Any:
        kind = _class_of(name)
        try:
            if not issubclass(kind, torch.nn.Module):
                return kind.from_pretrained(self.base / name, local_files_only=True)
            part, told = kind.from_pretrained(
                self.base / name,
                local_files_only=True,
                use_safetensors=True,
                output_loading_info=True,
                **{"torch_dtype" if name in {"unet", "vae"} else "dtype": torch.float32},
            )
            missing = sorted(told["missing_keys"])
        except UNLOADABLE as error:
            raise FailedError(
                "base_unloadable", f"The base's {name} cannot be loaded: {error}"
            ) from error
        if missing:
            raise FailedError(
                "base_unloadable", f"The base's {name} lacks weights, {missing[0]} first."
            )
        part.requires_grad_(requires_grad=False)
        return part.to(self.device).eval()

    def confirm(self) -> None:
        """Refuse if the base changed between the check and now, when its parts are loaded."""
        require_same_base(self.approved)

    def release(self, *names: str) -> None:
        """Let go of parts that are no longer needed."""
        for name in names:
            self.held.pop(name, None)
        if self.device.type == "cuda":
            torch.cuda.empty_cache()

    @property
    def encoders(self) -> list[str]:
        return ["text_encoder", "text_encoder_2"] if self.xl else ["text_encoder"]

    def native_size(self, wanted: int = 0) -> int:
        """Side in pixels: `wanted`, or the base's own, cut to what its UNet can halve."""
        unet, vae = self._config("unet"), self._config("vae")
        factor = 2 ** (len(vae["block_out_channels"]) - 1)
        step = factor * 2 ** (len(unet["block_out_channels"]) - 1)
        return max(step, (wanted or unet["sample_size"] * factor) // step * step)

    def _config(self, part: str) -> dict[str, Any]:
        config: dict[str, Any] = json.loads((self.base / part / "config.json").read_bytes())
        return config

    def tokens(self, prompts: Sequence[str]) -> list[Tensor]:
        """The prompts' token ids, (n, tokens), one tensor for each text encoder."""
        return [
            tokenizer(
                list(prompts),
                padding="max_length",
                max_length=tokenizer.model_max_length,
                truncation=True,
                return_tensors="pt",
            ).input_ids.to(self.device)
            for tokenizer in (
                getattr(self, name.replace("text_encoder", "tokenizer")) for name in self.encoders
            )
        ]

    def read(self, tokens: list[Tensor]) -> Words:
        """The text encoders' answer; with gradients where they are trained."""
        if not self.xl:
            return Words(self.text_encoder(tokens[0])[0])
        said = [
            getattr(self, name)(ids, output_hidden_states=True)
            for name, ids in zip(self.encoders, tokens, strict=True)
        ]
        hidden = torch.cat([one.hidden_states[-2] for one in said], dim=-1)
        return Words(hidden, said[1][0])

    def predictor(self, words: Words, framing: Tensor) -> Callable[[Tensor, Tensor], Tensor]:
        """The UNet, told `words` and, for XL, each picture's `framing`, (n, 6)."""
        added = {"text_embeds": words.pooled, "time_ids": framing} if self.xl else None

        def predict(noisy: Tensor, times: Tensor) -> Tensor:
            answer = self.unet(
                noisy, times, encoder_hidden_states=words.hidden, added_cond_kwargs=added,
                return_dict=False,
            )  # fmt: skip
            return answer[0]

        return predict


def as_pipeline(model: Model) -> Any:
    """The whole pipeline, with the trained parts in it and what was let go loaded again."""
    if model.xl:
        from diffusers import StableDiffusionXLPipeline as Pipeline
    else:
        from diffusers import StableDiffusionPipeline as Pipeline
    names = ["unet", "vae", *model.encoders]
    names += [name.replace("text_encoder", "tokenizer") for name in model.encoders]
    try:
        pipeline = Pipeline.from_pretrained(
            model.base, local_files_only=True, **{name: getattr(model, name) for name in names}
        )
    except UNLOADABLE as error:
        raise FailedError("base_unloadable", f"The base cannot be loaded: {error}") from error
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def choose_device(tuning: Tuning) -> str:
    """`cuda` or `cpu`; a GPU that is asked for or needed and not there is a refusal."""
    if tuning.device != "cpu" and torch.cuda.is_available():
        return "cuda"
    if tuning.device == "gpu":
        raise RefusedError(
            "no_gpu", "A GPU is asked for and torch finds none: set device to cpu, or to auto."
        )
    if tuning.precision == "fp16":
        raise RefusedError("fp16_cpu", "fp16 needs a GPU and there is none: choose bf16 or fp32.")
    return "cpu"


def _class_of(name: str) -> Any:
    """Imported one by one: a whole pipeline takes seconds to import."""
    if name == "unet":
        from diffusers import UNet2DConditionModel as Part
    elif name == "vae":
        from diffusers import AutoencoderKL as Part
    elif name == "scheduler":
        from diffusers import DDPMScheduler as Part
    elif name == "text_encoder":
        from transformers import CLIPTextModel as Part
    elif name == "text_encoder_2":
        from transformers import CLIPTextModelWithProjection as Part
    else:
        from transformers import CLIPTokenizer as Part
    return Part
