"""What users type, unmodified: the libraries load a model by its id. `clients.py OWNER/NAME`."""

from __future__ import annotations

import sys

from diffusers import StableDiffusionPipeline
from huggingface_hub import ModelCard
from peft import PeftModel
from transformers import AutoTokenizer, CLIPTextModel


def main(name: str) -> None:
    assert ModelCard.load(name).data.library_name == "diffusers"
    encoder = CLIPTextModel.from_pretrained(name, subfolder="text_encoder")
    tokenizer = AutoTokenizer.from_pretrained(name, subfolder="tokenizer")
    assert len(tokenizer) == encoder.config.vocab_size
    assert PeftModel.from_pretrained(encoder, name).peft_config
    pipeline = StableDiffusionPipeline.from_pretrained(name)
    pipeline.load_lora_weights(name)
    assert pipeline.get_active_adapters()
    assert pipeline("a harbour", num_inference_steps=1, output_type="np").images.shape[0] == 1


if __name__ == "__main__":
    main(sys.argv[1])
