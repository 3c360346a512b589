"""Pictures of plain shapes with captions: all that the tiny base has ever seen.

Drawn by this file from seeded random numbers, so nobody's work is in the base.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

COLOURS = {
    "red": (214, 48, 49),
    "yellow": (246, 211, 73),
    "green": (76, 160, 86),
    "blue": (48, 96, 200),
    "purple": (128, 72, 176),
    "brown": (128, 84, 52),
    "white": (244, 244, 240),
    "black": (32, 34, 40),
}
SHAPES = ("circle", "square", "triangle", "ring", "cross", "hill")
MEDIA = ("picture", "drawing", "illustration", "painting", "print")
TWO_SHAPES, BARE = 0.15, 0.2
"""Shares of pictures with a second shape, and with a bare caption such as a class prompt."""
SCALE = 4
"""Shapes are drawn this many times larger and reduced, which smooths their edges."""


def draw(rng: Generator, size: int) -> tuple[NDArray[np.uint8], str]:
    """One picture, uint8 of shape (size, size, 3), and its caption."""
    ground, *names = rng.permutation(list(COLOURS))[: 2 + 1 + int(rng.random() < TWO_SHAPES)]
    picture = Image.new("RGB", (size * SCALE, size * SCALE), _tint(rng, str(ground)))
    pen = ImageDraw.Draw(picture)
    said = []
    for name in names:
        shape = str(rng.choice(SHAPES))
        _draw_shape(pen, shape, _box(rng, size * SCALE), _tint(rng, str(name)))
        said.append(f"{name} {shape}")
    reduced = picture.resize((size, size), Image.Resampling.BOX)
    return np.asarray(reduced), _caption(rng, said, str(ground))


def _caption(rng: Generator, said: list[str], ground: str) -> str:
    medium = str(rng.choice(MEDIA))
    article = "an" if medium[0] in "aeiou" else "a"
    if rng.random() < BARE:
        return f"{article} {medium}"
    return f"{article} {medium} of {' and '.join(said)} on {ground}"


def _tint(rng: Generator, name: str) -> tuple[int, int, int]:
    shifted = np.clip(np.array(COLOURS[name]) + rng.integers(-10, 11, 3), 0, 255)
    return int(shifted[0]), int(shifted[1]), int(shifted[2])


def _box(rng: Generator, size: int) -> tuple[float, float, float]:
    """Centre and radius of a shape, in pixels."""
    radius = size * rng.uniform(0.24, 0.4)
    x, y = size * rng.uniform(0.3, 0.7, 2)
    return float(x), float(y), float(radius)


def _draw_shape(
    pen: ImageDraw.ImageDraw,
    shape: str,
    box: tuple[float, float, float],
    fill: tuple[int, int, int],
) -> None:
    x, y, r = box
    match shape:
        case "circle":
            pen.ellipse((x - r, y - r, x + r, y + r), fill=fill)
        case "ring":
            pen.ellipse((x - r, y - r, x + r, y + r), outline=fill, width=int(r * 0.4))
        case "square":
            pen.rectangle((x - r, y - r, x + r, y + r), fill=fill)
        case "triangle":
            pen.polygon(((x, y - r), (x + r, y + r), (x - r, y + r)), fill=fill)
        case "cross":
            pen.rectangle((x - r, y - r / 3, x + r, y + r / 3), fill=fill)
            pen.rectangle((x - r / 3, y - r, x + r / 3, y + r), fill=fill)
        case _:
            pen.ellipse((x - 2.2 * r, y, x + 2.2 * r, y + 3 * r), fill=fill)


def collect(seed: int, count: int, size: int) -> tuple[NDArray[np.uint8], list[str]]:
    """`count` pictures, uint8 of shape (count, size, size, 3), and their captions."""
    rng = np.random.default_rng(seed)
    drawn = [draw(rng, size) for _ in range(count)]
    return np.stack([pixels for pixels, _ in drawn]), [caption for _, caption in drawn]
