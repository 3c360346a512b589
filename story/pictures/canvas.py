"""A drawing surface in units of 6.4 px, drawn at twice its size and reduced, with printed grain.

Every mark is a function of the arguments and of a seeded `random.Random`: the same picture,
bit for bit, each time.
"""

import math
from collections.abc import Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Point = tuple[float, float]
Points = Sequence[Point]

UNIT = 6.4
SCALE = 2 * UNIT
_TILE = 1024


def _noise(seed: int) -> NDArray[np.uint8]:
    raw = Random(seed).randbytes(_TILE * _TILE)
    return np.frombuffer(raw, dtype=np.uint8).reshape(_TILE, _TILE)


_GRAIN = _noise(32)


def smooth(points: Points, steps: int = 8) -> list[Point]:
    """A closed curve through `points` (Catmull-Rom), `steps` points for each one given."""
    curve: list[Point] = []
    count = len(points)
    for index in range(count):
        a, b, c, d = (points[(index + offset) % count] for offset in (-1, 0, 1, 2))
        curve.extend(_between(a, b, c, d, step / steps) for step in range(steps))
    return curve


def _between(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    def axis(k: int) -> float:
        slope, bend = c[k] - a[k], 2 * a[k] - 5 * b[k] + 4 * c[k] - d[k]
        return b[k] + 0.5 * t * (slope + t * (bend + t * (3 * (b[k] - c[k]) + d[k] - a[k])))

    return axis(0), axis(1)


def oval_points(x: float, y: float, rx: float, ry: float, turn: float = 0) -> list[Point]:
    """The outline of an ellipse about (x, y), turned by `turn` degrees."""
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    rim = [(rx * math.cos(k * math.pi / 32), ry * math.sin(k * math.pi / 32)) for k in range(64)]
    return [(x + u * cos - v * sin, y + u * sin + v * cos) for u, v in rim]


class Canvas:
    """`width` x `height` units, origin at the top left; `done()` gives the finished picture."""

    def __init__(self, width: int, height: int, ground: str, seed: int) -> None:
        self.width, self.height, self.random = width, height, Random(seed)
        size = (round(width * SCALE), round(height * SCALE))
        self._image = Image.new("RGB", size, ground)
        self._draw = ImageDraw.Draw(self._image)

    def poly(self, points: Points, colour: str) -> None:
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)

    def curve(self, points: Points, colour: str) -> None:
        self.poly(smooth(points), colour)

    def oval(self, x: float, y: float, rx: float, ry: float, colour: str, turn: float = 0) -> None:
        self.poly(oval_points(x, y, rx, ry, turn), colour)

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        box = [(value) * SCALE for value in (x - radius, y - radius, x + radius, y + radius)]
        self._draw.ellipse(box, fill=colour)

    def ring(self, x: float, y: float, radius: float, colour: str, width: float) -> None:
        box = [value * SCALE for value in (x - radius, y - radius, x + radius, y + radius)]
        self._draw.ellipse(box, outline=colour, width=max(1, round(width * SCALE)))

    def arc(
        self, x: float, y: float, radius: float, span: Point, colour: str, width: float = 0.6
    ) -> None:
        box = [value * SCALE for value in (x - radius, y - radius, x + radius, y + radius)]
        self._draw.arc(box, span[0], span[1], fill=colour, width=max(1, round(width * SCALE)))

    def rect(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        self.poly(corners, colour)

    def line(self, points: Points, colour: str, width: float = 0.6) -> None:
        pixels = [(x * SCALE, y * SCALE) for x, y in points]
        self._draw.line(pixels, fill=colour, width=max(1, round(width * SCALE)), joint="curve")

    def grained(
        self, points: Points, colour: str, shade: str, towards: Point = (0, 1), amount: float = 0.6
    ) -> None:
        """A shape in `colour`, stippled with `shade` ever more densely in one direction."""
        self.poly(points, colour)
        left, top = (max(0, math.floor(min(p[k] for p in points) * UNIT)) for k in (0, 1))
        full = self._image.width // 2, self._image.height // 2
        right, bottom = (min(full[k], math.ceil(max(p[k] for p in points) * UNIT)) for k in (0, 1))
        if right <= left or bottom <= top:
            return
        mask = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(mask).polygon(
            [(x * UNIT - left, y * UNIT - top) for x, y in points], fill=255
        )
        dots = _stipple(mask, towards, amount, self.random.randrange(200))
        self._image.paste(shade, (2 * left, 2 * top), dots)

    def band(self, top: float, bottom: float, colour: str, shade: str, amount: float = 0.8) -> None:
        """A strip over the whole width that turns from `colour` into `shade` downwards."""
        side = self.width
        self.grained(
            [(0, top), (side, top), (side, bottom), (0, bottom)], colour, shade, amount=amount
        )

    def done(self) -> Image.Image:
        return self._image.reduce(2)


def _stipple(mask: Image.Image, towards: Point, amount: float, shift: int) -> Image.Image:
    width, height = mask.size
    across = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    if towards[0] < 0:
        across = 1 - across
    if towards[1] < 0:
        down = 1 - down
    ramp = (across * abs(towards[0]) + down * abs(towards[1])) / (abs(towards[0]) + abs(towards[1]))
    noise = _GRAIN[shift : shift + height, shift : shift + width]
    dots = (noise < 255 * amount * ramp**1.6) & (np.asarray(mask) > 0)
    small = Image.fromarray(np.where(dots, 255, 0).astype(np.uint8))
    return small.resize((2 * width, 2 * height), Image.Resampling.NEAREST)
