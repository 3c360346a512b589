"""The parts of the tiny base, and how they are started before their short training.

The VAE begins as a linear map (principal components of 2x2 blocks in, nearest up-sampling out);
the text encoder stays random.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel

from training.dreambooth.words import TEXT_LENGTH

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import CLIPTokenizer

SIZE = 32
"""Side of the base's pictures, in pixels."""
LATENT_CHANNELS = 4
TEXT_WIDTH = 64
WIDTHS = (16, 32)
"""Channels of the VAE at full and at half size."""
LEVEL = 8.0
"""Constant kept beside each component, in units of the component's deviation."""


def build_text_encoder(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    """A random, frozen encoder: N(0, 1) token embeddings and orthogonal attention."""
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=TEXT_WIDTH,
        intermediate_size=2 * TEXT_WIDTH,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=TEXT_LENGTH,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    encoder = CLIPTextModel(config)
    for name, weight in encoder.named_parameters():
        if name.endswith("token_embedding.weight"):
            torch.nn.init.normal_(weight)
        elif "self_attn" in name and name.endswith(".weight"):
            torch.nn.init.orthogonal_(weight)
    return encoder.eval()


def build_unet() -> UNet2DConditionModel:
    """A million parameters, on latents of shape (4, 16, 16); attention at the 8x8 level only."""
    unet = UNet2DConditionModel(
        sample_size=SIZE // 2,
        in_channels=LATENT_CHANNELS,
        out_channels=LATENT_CHANNELS,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        block_out_channels=(32, 64),
        layers_per_block=1,
        norm_num_groups=8,
        attention_head_dim=2,
        cross_attention_dim=TEXT_WIDTH,
    )
    for name, weight in unet.named_parameters():
        if "attn2" in name and weight.ndim == 2:  # noqa: PLR2004 - matrices, not biases
            torch.nn.init.orthogonal_(weight, gain=2)
    torch.nn.init.zeros_(unet.conv_out.weight)
    return unet


def build_scheduler() -> DDIMScheduler:
    """Stable Diffusion 2's schedule and target: the velocity (Salimans and Ho 2022).

    A loss on the noise hardly counts what the picture is where noise is strongest, which is where
    the prompt alone could tell it: after 400 steps right and wrong captions gave equal errors.
    """
    return DDIMScheduler(
        prediction_type="v_prediction",
        timestep_spacing="trailing",
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
    )


def build_vae(pictures: Tensor) -> AutoencoderKL:
    """An autoencoder that starts as the principal components of the 2x2 blocks of `pictures`.

    `pictures` is float in [-1, 1], of shape (n, 3, SIZE, SIZE).
    """
    basis, scale = _components(pictures)
    vae = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        block_out_channels=WIDTHS,
        layers_per_block=1,
        latent_channels=LATENT_CHANNELS,
        norm_num_groups=LATENT_CHANNELS,
        sample_size=SIZE,
        scaling_factor=1.0,
        use_quant_conv=False,
        use_post_quant_conv=False,
    )
    with torch.no_grad():
        for module in vae.modules():
            _make_identity(module)
        _start_encoder(vae.encoder, basis / scale[:, None, None, None])
        _start_decoder(vae.decoder, (basis * scale[:, None, None, None]).mean((2, 3)))
    return vae


def _components(pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Orthonormal directions, (4, 3, 2, 2), of the blocks' values, and their deviations, (4,)."""
    blocks = torch.nn.functional.unfold(pictures, 2, stride=2)
    values = blocks.transpose(1, 2).reshape(-1, 12)
    spread, directions = torch.linalg.eigh(values.T @ values / len(values))
    leading = directions.flip(1)[:, :LATENT_CHANNELS].T
    signs = leading.gather(1, leading.abs().argmax(1, keepdim=True)).sign()
    basis = (leading * signs).reshape(-1, 3, 2, 2)  # a fixed sign, whatever the solver returns
    return basis, spread.flip(0)[:LATENT_CHANNELS].sqrt()


def _make_identity(module: Any) -> None:
    """Silence each residual branch: what remains passes its input on."""
    for branch in ("conv2", "to_out"):
        last = getattr(module, branch, None)
        if last is not None:
            layer = last[0] if branch == "to_out" else last
            layer.weight.zero_()
            layer.bias.zero_()
    shortcut = getattr(module, "conv_shortcut", None)
    if shortcut is not None:
        shortcut.weight.zero_()
        shortcut.bias.zero_()
        for channel in range(min(shortcut.in_channels, shortcut.out_channels)):
            shortcut.weight[channel, channel] = 1


def _start_encoder(encoder: Any, project: Tensor) -> None:
    """Blocks to components: `project` has shape (4, 3, 2, 2)."""
    _pass_on(encoder.conv_in, 3)
    down = encoder.down_blocks[0].downsamplers[0].conv  # pads right and below: taps 0 and 1
    down.weight[:LATENT_CHANNELS] = 0
    down.weight[:LATENT_CHANNELS, :3, :2, :2] = project
    down.bias.zero_()
    _group_by_component(encoder.down_blocks[1].resnets[0].conv_shortcut)
    _read_components(encoder.conv_out, torch.eye(2 * LATENT_CHANNELS, LATENT_CHANNELS))
    encoder.conv_out.bias[LATENT_CHANNELS:] = -10.0  # log variance: almost none


def _start_decoder(decoder: Any, colours: Tensor) -> None:
    """Components to the mean colour of their block: `colours` has shape (4, 3)."""
    _pass_on(decoder.conv_in, LATENT_CHANNELS)
    _pass_on(decoder.up_blocks[0].upsamplers[0].conv, LATENT_CHANNELS)
    _group_by_component(decoder.up_blocks[1].resnets[0].conv_shortcut)
    _read_components(decoder.conv_out, colours.T)


def _pass_on(conv: Any, channels: int) -> None:
    """Let the first `channels` outputs of a 3x3 convolution equal its first inputs."""
    conv.weight[:channels] = 0
    conv.bias.zero_()
    for channel in range(channels):
        conv.weight[channel, channel, 1, 1] = 1


def _group_by_component(shortcut: Any) -> None:
    """Give component i the norm group i, as +i, -i and the constants +LEVEL, -LEVEL.

    The constants dominate the group's deviation, so its norm is nearly a fixed factor.
    """
    shortcut.weight.zero_()
    shortcut.bias.zero_()
    group = shortcut.out_channels // LATENT_CHANNELS
    for index in range(LATENT_CHANNELS):
        first = index * group
        shortcut.weight[first, index] = 1
        shortcut.weight[first + 1, index] = -1
        shortcut.bias[first + 2] = LEVEL
        shortcut.bias[first + 3] = -LEVEL


def _read_components(conv: Any, mix: Tensor) -> None:
    """Undo `_group_by_component`: silu(x) - silu(-x) is x. `mix` has shape (outputs, 4)."""
    conv.weight.zero_()
    conv.bias.zero_()
    group = conv.in_channels // LATENT_CHANNELS
    scaled = mix * LEVEL / (group / 2) ** 0.5
    for index in range(LATENT_CHANNELS):
        conv.weight[:, index * group, 1, 1] = scaled[:, index]
        conv.weight[:, index * group + 1, 1, 1] = -scaled[:, index]
