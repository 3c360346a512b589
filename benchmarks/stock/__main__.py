"""`python benchmarks/stock SCRIPT …`: run a script of diffusers where torchvision is not installed.

It finds the few transforms that the DreamBooth scripts use, and nothing else by that name: the
model libraries look for torchvision before it is there, and go on as without it.
"""

from __future__ import annotations

import enum
import random
import runpy
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image
from transformers.utils import is_torchvision_available

if TYPE_CHECKING:
    from collections.abc import Callable


class InterpolationMode(enum.Enum):
    """Pillow's numbers by torchvision's names."""

    NEAREST = Image.Resampling.NEAREST
    BILINEAR = Image.Resampling.BILINEAR
    BICUBIC = Image.Resampling.BICUBIC
    LANCZOS = Image.Resampling.LANCZOS


def compose(steps: list[Callable[[Any], Any]]) -> Callable[[Any], Any]:
    def run(picture: Any) -> Any:
        for step in steps:
            picture = step(picture)
        return picture

    return run


def resize(size: int, interpolation: InterpolationMode) -> Callable[[Any], Any]:
    def run(picture: Any) -> Any:
        share = size / min(picture.size)
        wanted = (round(picture.width * share), round(picture.height * share))
        return picture if wanted == picture.size else picture.resize(wanted, interpolation.value)

    return run


def crop(size: int, where: Callable[[int], int]) -> Callable[[Any], Any]:
    def run(picture: Any) -> Any:
        left, top = where(picture.width - size), where(picture.height - size)
        return picture.crop((left, top, left + size, top + size))

    return run


def to_tensor() -> Callable[[Any], Any]:
    return lambda one: torch.from_numpy(np.array(one)).permute(2, 0, 1).contiguous().float() / 255


def normalize(mean: list[float], deviation: list[float]) -> Callable[[Any], Any]:
    return lambda pixels: (pixels - mean[0]) / deviation[0]


def main() -> None:
    assert not is_torchvision_available()  # noqa: S101 - asked now, for the answer to be kept
    torchvision, transforms = ModuleType("torchvision"), ModuleType("torchvision.transforms")
    vars(transforms).update(
        InterpolationMode=InterpolationMode,
        Compose=compose,
        Resize=resize,
        CenterCrop=lambda size: crop(size, lambda spare: spare // 2),
        RandomCrop=lambda size: crop(size, lambda spare: random.randint(0, spare)),
        ToTensor=to_tensor,
        Normalize=normalize,
    )
    torchvision.__spec__ = ModuleSpec("torchvision", None)  # who looks it up finds no version
    vars(torchvision).update(transforms=transforms)
    sys.modules |= {"torchvision": torchvision, "torchvision.transforms": transforms}
    del sys.argv[0]
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
