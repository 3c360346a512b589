"""What a picture and a prompt are to the UNet, computed once and kept.

A picture's latents are kept as mean and deviation, so that each step still samples anew. With
random crops or flips each view is encoded when it is first drawn: the same distribution as
encoding every time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image

from training.dreambooth.model import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from torch import Tensor

    from training.dreambooth.model import Model
    from training.dreambooth.options import Tuning

    View = tuple[int, int, int, bool]
    """Picture, left, top, mirrored."""

MOST_BYTES = 1 << 30
"""Memory that views may take; more are encoded each time that they are drawn."""


class Pictures:
    """Pictures reduced to `size` pixels on their shorter side, and the views of them."""

    def __init__(
        self, model: Model, pictures: Sequence[NDArray[np.uint8]], size: int, tuning: Tuning
    ) -> None:
        self._model, self._size, self._tuning = model, size, tuning
        self._originals = [picture.shape[:2] for picture in pictures]
        self._pixels = [_reduced(picture, size) for picture in pictures]
        self._kept: dict[View, Tensor] = {}
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._pixels)

    def fill(self, check: Callable[[], None]) -> bool:
        """Encode every view now, if those are at most two a picture; whether that was so."""
        if self._tuning.crop == "random" and any(
            _spare(pixels) != (0, 0) for pixels in self._pixels
        ):
            return False
        mirrors = (False, True) if self._tuning.flip else (False,)
        for index in range(len(self)):
            check()
            for mirrored in mirrors:
                self._moments((index, *_centre(self._pixels[index]), mirrored))
        return True

    def sample(self, chosen: list[int], random: torch.Generator) -> tuple[Tensor, Tensor]:
        """Latents of the chosen pictures, (n, c, h, w), and their framing for XL, (n, 6)."""
        views = [self._view(index, random) for index in chosen]
        mean, deviation = torch.stack([self._moments(view) for view in views], dim=1)
        noise = torch.randn(mean.shape, generator=random)
        return mean + deviation * noise.to(mean), self._framing(views)

    def centres(self, chosen: list[int]) -> tuple[Tensor, Tensor]:
        """The mean latents of the chosen pictures' centres, and their framing."""
        views: list[View] = [(index, *_centre(self._pixels[index]), False) for index in chosen]
        return torch.stack([self._moments(view)[0] for view in views]), self._framing(views)

    def _view(self, index: int, random: torch.Generator) -> View:
        left, top = _centre(self._pixels[index])
        if self._tuning.crop == "random":
            spare = _spare(self._pixels[index])
            left, top = (int(torch.randint(room + 1, (), generator=random)) for room in spare)
        mirrored = self._tuning.flip and bool(torch.rand((), generator=random) < 0.5)  # noqa: PLR2004
        return index, left, top, mirrored

    def _moments(self, view: View) -> Tensor:
        """Mean and deviation of one view's latents, scaled, (2, c, h, w)."""
        found = self._kept.get(view)
        if found is None:
            found = encode(self._model, self._cut(view))
            self._bytes += found.nbytes
            if self._bytes <= MOST_BYTES:
                self._kept[view] = found
        return found

    def _cut(self, view: View) -> NDArray[np.uint8]:
        index, left, top, mirrored = view
        square = self._pixels[index][top : top + self._size, left : left + self._size]
        return np.ascontiguousarray(square[:, ::-1] if mirrored else square)

    def _framing(self, views: list[View]) -> Tensor:
        rows = [
            (*self._originals[index], top, left, self._size, self._size)
            for index, left, top, _ in views
        ]
        return torch.tensor(rows, dtype=torch.float32, device=self._model.device)


def encode(model: Model, pixels: NDArray[np.uint8]) -> Tensor:
    """Mean and deviation of the latents of `pixels`, uint8 (h, w, 3); each scaled, (2, c, h, w)."""
    batch = torch.from_numpy(pixels).permute(2, 0, 1)[None].to(model.device).float() / 127.5 - 1
    with torch.no_grad():
        spread = model.vae.encode(batch).latent_dist
    factor = model.vae.config.scaling_factor
    return torch.stack([spread.mean[0], spread.std[0]]) * factor


def _reduced(picture: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    height, width = picture.shape[:2]
    share = size / min(height, width)
    wanted = (max(size, round(width * share)), max(size, round(height * share)))
    return np.array(Image.fromarray(picture).resize(wanted, Image.Resampling.LANCZOS))


def _spare(pixels: NDArray[np.uint8]) -> tuple[int, int]:
    """By how much a picture is wider and higher than its largest square."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    return width - side, height - side


def _centre(pixels: NDArray[np.uint8]) -> tuple[int, int]:
    across, down = _spare(pixels)
    return across // 2, down // 2


class Prompts:
    """Each different prompt once: embedded while the text encoder is frozen, else as tokens."""

    def __init__(self, model: Model, prompts: Sequence[str], *, frozen: bool) -> None:
        self._model = model
        self._places = {prompt: place for place, prompt in enumerate(dict.fromkeys(prompts))}
        self._tokens = model.tokens(list(self._places))
        self._words: Words | None = None
        if frozen:
            with torch.no_grad():
                parts = [
                    model.read([ids[i : i + 1] for ids in self._tokens])
                    for i in range(len(self._places))
                ]
            pooled = [part.pooled for part in parts if part.pooled is not None]
            hidden = torch.cat([part.hidden for part in parts])
            self._words = Words(hidden, torch.cat(pooled) if pooled else None)

    def words(self, prompts: Sequence[str]) -> Words:
        """What the UNet is told for each of `prompts`, each prompt read only once."""
        places = [self._places[prompt] for prompt in prompts]
        if self._words is not None:
            return self._words[places]
        used = sorted(set(places))
        read = self._model.read([ids[used] for ids in self._tokens])
        return read[[used.index(place) for place in places]]
