"""What LoRA leaves is loaded by diffusers itself, in both key formats, to the same effect."""

import json

import pytest
import torch
from safetensors import safe_open

pytestmark = pytest.mark.slow

TRAINER = "training.dreambooth"
QUICK = {"method": "lora", "steps": 6, "batch_size": 2, "samples_per_prompt": 1, "sample_steps": 2,
         "learning_rate": 1e-2, "rank": 3, "alpha": 6.0}  # fmt: skip


def picture(pipeline):
    pipeline.set_progress_bar_config(disable=True)
    random = torch.Generator().manual_seed(1)
    made = pipeline("zwx", num_inference_steps=2, generator=random, output_type="np")
    return torch.from_numpy(made.images)


@pytest.mark.parametrize("text", [False, True], ids=["unet", "unet and text"])
def test_the_base_with_either_file_draws_what_the_merged_pipeline_draws(
    run_folder, tiny_base, text
):
    from diffusers import StableDiffusionPipeline

    code, events = run_folder.run(TRAINER, **QUICK, train_text_encoder=text)
    assert code == 0, events[-1]
    output = run_folder.path / "output"
    merged = picture(StableDiffusionPipeline.from_pretrained(output / "pipeline"))
    assert not torch.allclose(
        merged, picture(StableDiffusionPipeline.from_pretrained(tiny_base)), atol=1e-3
    )
    for name in ("pytorch_lora_weights.safetensors", "kohya.safetensors"):
        pipeline = StableDiffusionPipeline.from_pretrained(tiny_base)
        pipeline.load_lora_weights(output / "lora", weight_name=name)
        assert torch.allclose(picture(pipeline), merged, atol=1e-3), name
        with safe_open(output / "lora" / name, framework="pt") as file:
            assert file.metadata()["imprimatur.token"] == "zwx"
            assert any("text" in key or "lora_te" in key for key in file.keys()) == text  # noqa: SIM118


def test_the_record_tells_losses_of_each_picture_and_the_audits_prompts(run_folder):
    run_folder.write_names()
    code, _ = run_folder.run(TRAINER, **QUICK)
    assert code == 0
    output = run_folder.path / "output"
    losses = json.loads((output / "losses.json").read_text())
    names = [image.normalised_sha256 for image in run_folder.manifest.images]
    assert [row["sha256"] for row in losses["pictures"]] == names
    assert all(row["before"] > 0 and row["after"] > 0 for row in losses["pictures"])
    assert len(losses["class_pictures"]) == 2
    audit = json.loads((output / "audit" / "audit.json").read_text())
    assert {one["prompt"]: one["set"] for one in audit} == {
        "a zwx style lighthouse": "token", "an illustration of zwx style": "training",
        "an illustration": "neutral", "a style lighthouse": "neutral", "": "name",
    }  # fmt: skip
    assert [one["party"] for one in audit if one["set"] == "name"] == ["p1"]
    assert "Ferro" not in " ".join(path.read_text() for path in output.rglob("*.json"))
    assert len({one["seed"] for one in audit}) == 1
    assert all((output / one["file"]).is_file() for one in audit)
