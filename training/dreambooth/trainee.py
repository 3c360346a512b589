"""What is trained: the weights, their optimiser, their average; one step, saved and restored.

Everything that a next step depends on is here or follows from (seed, step), so that restoring
this is resuming.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from training.dreambooth import lora
from training.dreambooth.schedule import share, usual_rate

if TYPE_CHECKING:
    from torch import Tensor

    from training.dreambooth.model import Model
    from training.dreambooth.options import Tuning

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}
WIDE = 64
"""Channels from which a UNet gains by the channels-last layout on a CPU."""


class Trainee:
    """The model's trained modules. Weights are fp32 whatever the precision of the arithmetic."""

    def __init__(self, model: Model, tuning: Tuning) -> None:
        self.tuning = tuning
        names = ["unet", *(model.encoders if tuning.train_text_encoder else ())]
        self.modules: dict[str, Any] = {name: getattr(model, name) for name in names}
        self._prepare(model)
        weights = {
            name: [weight for weight in module.parameters() if weight.requires_grad]
            for name, module in self.modules.items()
        }
        self.weights: list[Tensor] = [weight for group in weights.values() for weight in group]
        self.rate = tuning.learning_rate or usual_rate(tuning.method, count(model.unet))
        rates = dict.fromkeys(names, self.rate)
        rates |= dict.fromkeys(names[1:], tuning.text_learning_rate or self.rate)
        self._optimiser = torch.optim.AdamW(
            [{"params": weights[name], "peak": rates[name], "lr": 0.0} for name in names],
            betas=(tuning.beta1, tuning.beta2),
            eps=tuning.epsilon,
            weight_decay=tuning.weight_decay,
            fused=True,
        )
        device = model.device.type
        self._scaler = torch.amp.GradScaler(device, enabled=tuning.precision == "fp16")
        self.average = (
            [weight.detach().clone() for weight in self.weights] if tuning.ema_decay else []
        )

    def _prepare(self, model: Model) -> None:
        tuning = self.tuning
        if _channels_last(model, tuning.channels_last):
            model.unet.to(memory_format=torch.channels_last)
        if tuning.method == "lora":
            lora.add(self.modules, tuning, DTYPES[tuning.precision])
        else:
            for module in self.modules.values():
                module.requires_grad_(requires_grad=True)
        for name, module in self.modules.items():
            if tuning.gradient_checkpointing:
                enable = (
                    "enable_gradient_checkpointing"
                    if name == "unet"
                    else "gradient_checkpointing_enable"
                )
                getattr(module, enable)()
        self.teach(on=True)
        if tuning.compile:
            model.unet.compile()

    def teach(self, *, on: bool) -> None:
        """Put the modules in the mode of training, or out of it for drawing."""
        for module in self.modules.values():
            module.train(on)

    def backward(self, loss: Tensor) -> None:
        """Add the gradients of `loss` to those of this step."""
        self._scaler.scale(loss).backward()

    def descend(self, step: int) -> float:
        """One step of the optimiser; returns the UNet's learning rate. Nothing waits for a GPU."""
        now = share(self.tuning, step)
        for group in self._optimiser.param_groups:
            group["lr"] = group["peak"] * now
        if self.tuning.max_grad_norm:
            self._scaler.unscale_(self._optimiser)
            torch.nn.utils.clip_grad_norm_(self.weights, self.tuning.max_grad_norm)
        self._scaler.step(self._optimiser)
        self._scaler.update()
        self._optimiser.zero_grad(set_to_none=True)
        if self.average:
            # As diffusers' EMA: young averages follow faster.
            decay = min(self.tuning.ema_decay, (1 + step) / (10 + step))
            torch._foreach_lerp_(self.average, [w.detach() for w in self.weights], 1 - decay)
        return self.rate * now

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """All that a next step depends on beside the weights: tensors by name, and numbers."""
        tensors = {f"average.{i}": one for i, one in enumerate(self.average)}
        for i, weight in enumerate(self.weights):
            for key, value in self._optimiser.state[weight].items():
                tensors[f"optimiser.{i}.{key}"] = value
        return tensors, {"scaler": self._scaler.state_dict()}

    @torch.no_grad()
    def restore(
        self, weights: list[Tensor], tensors: dict[str, Tensor], numbers: dict[str, Any]
    ) -> None:
        """Go back to what `state` told; copied in place, so that layouts in memory stay."""
        for own, saved in zip(self.weights, weights, strict=True):
            own.copy_(saved)
        for i, one in enumerate(self.average):
            one.copy_(tensors[f"average.{i}"])
        for i, weight in enumerate(self.weights):
            state = {
                key: tensors[f"optimiser.{i}.{key}"] for key in ("step", "exp_avg", "exp_avg_sq")
            }
            self._optimiser.state[weight] = {
                "step": state["step"].to(weight.device),
                "exp_avg": torch.empty_like(weight).copy_(state["exp_avg"]),
                "exp_avg_sq": torch.empty_like(weight).copy_(state["exp_avg_sq"]),
            }
        self._scaler.load_state_dict(numbers["scaler"])

    @torch.no_grad()
    def finish(self) -> None:
        """The average takes the weights' place, and nothing is trained any more."""
        for weight, averaged in zip(self.weights, self.average, strict=False):
            weight.copy_(averaged)
        self.average = []
        self._optimiser.state.clear()
        for module in self.modules.values():
            module.eval().requires_grad_(requires_grad=False)


def count(module: torch.nn.Module) -> int:
    """How many numbers a module holds."""
    return sum(weight.numel() for weight in module.parameters())


def _channels_last(model: Model, wanted: str) -> bool:
    if wanted != "auto":
        return wanted == "on"
    return model.device.type == "cuda" or model.unet.config.block_out_channels[0] >= WIDE
