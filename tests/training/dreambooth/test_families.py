"""SDXL, made tiny in this test, behind the same interface; and bases that are not whole."""

import shutil

import pytest
from safetensors.torch import load_file, save_file

from training.bases.anatomy import require_whole
from training.bases.rules import BaseRefusedError, folder_digest

pytestmark = pytest.mark.slow

TRAINER = "training.dreambooth"
QUICK = {
    "steps": 3,
    "batch_size": 1,
    "samples_per_prompt": 1,
    "sample_steps": 2,
    "checkpoint_every": 2,
}


@pytest.fixture(scope="module")
def tiny_xl(tmp_path_factory, tiny_base):
    """The tiny base's VAE and tokenizer with two random text encoders and an XL UNet."""
    import torch
    from diffusers import (
        AutoencoderKL,
        EulerDiscreteScheduler,
        StableDiffusionXLPipeline,
        UNet2DConditionModel,
    )
    from transformers import (
        CLIPTextConfig,
        CLIPTextModel,
        CLIPTextModelWithProjection,
        CLIPTokenizer,
    )

    torch.manual_seed(0)
    tokenizer = CLIPTokenizer.from_pretrained(tiny_base / "tokenizer")
    config = CLIPTextConfig(
        vocab_size=len(tokenizer), hidden_size=16, intermediate_size=32, num_hidden_layers=2,
        num_attention_heads=2, max_position_embeddings=16, projection_dim=24,
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    unet = UNet2DConditionModel(
        sample_size=16, in_channels=4, out_channels=4, block_out_channels=(16, 32),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"), layers_per_block=1,
        norm_num_groups=8, attention_head_dim=2, cross_attention_dim=32,
        addition_embed_type="text_time", addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=24 + 6 * 8,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("bases") / "xl"
    StableDiffusionXLPipeline(
        vae=AutoencoderKL.from_pretrained(tiny_base / "vae"),
        text_encoder=CLIPTextModel(config), text_encoder_2=CLIPTextModelWithProjection(config),
        tokenizer=tokenizer, tokenizer_2=tokenizer, unet=unet,
        scheduler=EulerDiscreteScheduler(beta_schedule="scaled_linear"),
    ).save_pretrained(folder)  # fmt: skip
    return folder


@pytest.mark.filterwarnings(
    "ignore:__array__ implementation:DeprecationWarning"
)  # diffusers' Euler
@pytest.mark.parametrize(
    "tuning",
    [{"method": "full", "crop": "random"}, {"method": "lora", "train_text_encoder": True}],
    ids=["full", "lora"],
)
def test_a_tiny_sdxl_is_trained_sampled_and_loads(run_folder, tiny_xl, tuning):
    from diffusers import StableDiffusionXLPipeline

    (run_folder.path / "base").unlink()
    (run_folder.path / "base").symlink_to(tiny_xl)
    run_folder.write_manifest(base_sha256=folder_digest(tiny_xl))
    run_folder.write_class_manifest()
    code, events = run_folder.run(TRAINER, **QUICK, **tuning)
    assert code == 0, events[-1]
    output = run_folder.path / "output"
    pipeline = StableDiffusionXLPipeline.from_pretrained(output / "pipeline")
    pipeline.set_progress_bar_config(disable=True)
    if tuning["method"] == "lora":
        pipeline = StableDiffusionXLPipeline.from_pretrained(tiny_xl)
        pipeline.load_lora_weights(output / "lora", weight_name="pytorch_lora_weights.safetensors")
        pipeline.unload_lora_weights()
        pipeline.load_lora_weights(output / "lora", weight_name="kohya.safetensors")
    assert pipeline("zwx", num_inference_steps=1, height=32, width=32).images


@pytest.mark.parametrize(
    "name",
    ["unet/diffusion_pytorch_model.safetensors", "vae/config.json", "model_index.json",
     "scheduler/scheduler_config.json", "text_encoder/model.safetensors"],
)  # fmt: skip
def test_a_base_that_lacks_a_file_is_refused_by_the_files_name(tiny_base, tmp_path, name):
    copy = shutil.copytree(tiny_base, tmp_path / "base")
    (copy / name).unlink()
    with pytest.raises(BaseRefusedError, match=f"lacks {name}"):
        require_whole(copy)


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("text_encoder/config.json", '"hidden_size": 64', '"hidden_size": 32', "text encoder"),
        ("unet/config.json", '"in_channels": 4', '"in_channels": 9', "inpainting"),
        ("model_index.json", "StableDiffusionPipeline", "FluxPipeline", "FluxPipeline"),
        ("vae/config.json", "{", "[", "cannot be read"),
    ],
)
def test_a_base_whose_parts_do_not_fit_is_refused(tiny_base, tmp_path, name, old, new, says):
    copy = shutil.copytree(tiny_base, tmp_path / "base")
    text = (copy / name).read_text()
    assert old in text
    (copy / name).write_text(text.replace(old, new, 1))
    with pytest.raises(BaseRefusedError, match=says):
        require_whole(copy)


@pytest.mark.parametrize("part", ["text_encoder", "vae"])
def test_a_base_whose_weights_lack_one_is_refused_by_its_name(run_folder, tiny_base, part):
    base = run_folder.path / "base"
    base.unlink()
    shutil.copytree(tiny_base, base)
    [path] = (base / part).glob("*.safetensors")
    weights = load_file(path)
    lost = max(weights)
    save_file({name: one for name, one in weights.items() if name != lost}, path, {"format": "pt"})
    run_folder.write_manifest(base_sha256=folder_digest(base))
    code, events = run_folder.run("training.dreambooth", prior_weight=0, steps=1)
    assert (code, events[-1]["code"]) == (4, "base_unloadable")
    assert lost.rsplit(".", 2)[-2] in events[-1]["message"]
    assert not (run_folder.path / "output").exists()
