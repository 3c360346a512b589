"""Low-rank additions (Hu et al. 2021) by peft: put in, written in two key formats, merged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import save_file

from training.dreambooth.noise import number
from training.dreambooth.saving import add_metadata

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from training.dreambooth.options import Tuning

TARGETS = {
    "unet": ["to_k", "to_q", "to_v", "to_out.0"],
    "text_encoder": ["q_proj", "k_proj", "v_proj", "out_proj"],
}
DIFFUSERS, KOHYA = "pytorch_lora_weights.safetensors", "kohya.safetensors"


def add(modules: dict[str, Any], tuning: Tuning, dtype: torch.dtype) -> None:
    """Freeze the modules in `dtype` and add trainable matrices, in fp32, to their attention."""
    from peft import LoraConfig

    torch.manual_seed(number(tuning.seed, 0, "lora"))
    for name, module in modules.items():
        module.requires_grad_(requires_grad=False)
        module.to(dtype=dtype)
        module.add_adapter(
            LoraConfig(
                r=tuning.rank,
                lora_alpha=scale(tuning),  # type: ignore[arg-type] # a fraction is as good
                lora_dropout=tuning.lora_dropout,
                init_lora_weights="gaussian",
                target_modules=TARGETS["unet" if name == "unet" else "text_encoder"],
            )
        )
        for weight in module.parameters():
            if weight.requires_grad:
                weight.data = weight.data.float()


def scale(tuning: Tuning) -> float:
    """alpha: the additions count alpha / rank times."""
    return tuning.alpha or float(tuning.rank)


def save(modules: dict[str, Any], tuning: Tuning, folder: Path, metadata: dict[str, str]) -> None:
    """Write the additions as diffusers' and as kohya's programs read them."""
    from peft import get_peft_model_state_dict

    folder.mkdir(parents=True)
    parts = {name: get_peft_model_state_dict(module) for name, module in modules.items()}
    whole = {
        f"{name}.{key}": weight.detach().float().cpu().contiguous()
        for name, part in parts.items()
        for key, weight in part.items()
    }
    alphas = {
        key.replace(".lora_A.weight", ".alpha"): torch.tensor(scale(tuning))
        for key in whole
        if key.endswith(".lora_A.weight")
    }
    save_file(whole, folder / DIFFUSERS)
    two = "text_encoder_2" in modules
    kohya = {_kohya(key, two=two): weight for key, weight in (whole | alphas).items()}
    save_file(kohya, folder / KOHYA)
    add_metadata(folder / DIFFUSERS, metadata | {"lora_adapter_metadata": _configs(modules)})
    add_metadata(folder / KOHYA, metadata)


def _configs(modules: dict[str, Any]) -> str:
    """The configuration of each module, where diffusers looks for alpha: keys with a prefix."""
    packed = {
        f"{name}.{key}": sorted(value) if isinstance(value, set) else value
        for name, module in modules.items()
        for key, value in module.peft_config["default"].to_dict().items()
    }
    return json.dumps(packed, sort_keys=True, default=str)


def _kohya(key: str, *, two: bool) -> str:
    """`unet.mid.to_q.lora_A.weight` becomes `lora_unet_mid_to_q.lora_down.weight`."""
    part, path = key.split(".", 1)
    prefix = {"unet": "lora_unet", "text_encoder": "lora_te1" if two else "lora_te"}.get(
        part, "lora_te2"
    )
    for own, theirs in (
        (".lora_A.weight", ".lora_down.weight"),
        (".lora_B.weight", ".lora_up.weight"),
        (".alpha", ".alpha"),
    ):
        if path.endswith(own):
            return f"{prefix}_{path.removesuffix(own).replace('.', '_')}{theirs}"
    raise ValueError(f"{key} is no key of a low-rank addition")


def merge(modules: dict[str, Any]) -> None:
    """Add each product to the weight that it stands beside, and take the additions out."""
    from diffusers.utils import recurse_remove_peft_layers
    from peft.tuners.tuners_utils import BaseTunerLayer

    for module in modules.values():
        module.to(dtype=torch.float32)
        for layer in module.modules():
            if isinstance(layer, BaseTunerLayer):
                layer.merge()
        recurse_remove_peft_layers(module)
        if hasattr(module, "peft_config"):
            del module.peft_config
        vars(module)["_hf_peft_config_loaded"] = False


def weights_of(tensors: dict[str, Tensor]) -> list[Tensor]:
    """The trained matrices from a checkpoint's state, in the order of the parameters."""
    total = sum(name.startswith("weight.") for name in tensors)
    return [tensors[f"weight.{i}"] for i in range(total)]
