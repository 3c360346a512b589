"""Drawings of random shapes for the tests of local features."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw


def drawing(seed: int) -> Image.Image:
    rng = np.random.default_rng(seed)
    picture = Image.new("RGB", (640, 480), tuple(rng.integers(0, 255, 3).tolist()))
    draw = ImageDraw.Draw(picture)
    for _ in range(80):
        x, y, w, h = (*rng.integers(0, 600, 2), *rng.integers(10, 140, 2))
        shape = draw.ellipse if rng.random() < 0.5 else draw.rectangle
        fill = tuple(rng.integers(0, 255, 3).tolist())
        shape((int(x), int(y), int(x + w), int(y + h)), fill=fill)
    return picture


def pasted(picture: Image.Image) -> Image.Image:
    """On a page of another colour, at 15 % of its area."""
    page = Image.new("RGB", (1000, 1000), "ivory")
    page.paste(picture.resize((447, 335)), (500, 100))
    return page
