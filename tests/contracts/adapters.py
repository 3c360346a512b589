"""Adapters for the tiny base, by the libraries whose clients are tested: `adapters.py BASE`."""

from __future__ import annotations

import sys
from pathlib import Path

from diffusers import StableDiffusionPipeline
from peft import LoraConfig, get_peft_model
from peft.utils import get_peft_model_state_dict


def main(base: Path) -> None:
    pipeline = StableDiffusionPipeline.from_pretrained(base)
    pipeline.unet.add_adapter(LoraConfig(r=2, target_modules=["to_q", "to_k"]))
    layers = get_peft_model_state_dict(pipeline.unet)
    StableDiffusionPipeline.save_lora_weights(base, unet_lora_layers=layers)
    config = LoraConfig(r=2, target_modules=["q_proj"])
    get_peft_model(pipeline.text_encoder, config).save_pretrained(base)
    (base / "README.md").unlink(missing_ok=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
