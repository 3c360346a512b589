"""What returns from picture to picture: hills, trees, houses, boats, clouds and lights."""

import math

from story.pictures.canvas import Canvas, Point, oval_points, smooth
from story.pictures.palette import Palette


def ridge(c: Canvas, base: float, swing: float, waves: float, phase: float) -> list[Point]:
    """A rolling skyline around height `base`, closed along the canvas's foot."""
    tops = []
    for step in range(65):
        angle = step / 64 * waves * 2 * math.pi + phase
        height = math.sin(angle) + 0.4 * math.sin(2.3 * angle + 1)
        tops.append((step / 64 * c.width, base - swing * height))
    return [*tops, (c.width, c.height), (0, c.height)]


def stars(c: Canvas, count: int, low: float, colour: str) -> None:
    """`count` dots in three sizes, none below height `low`."""
    for _ in range(count):
        x, y = c.random.uniform(1, c.width - 1), c.random.uniform(1, low)
        c.disc(x, y, c.random.choice((0.18, 0.25, 0.45)), colour)


def sun(c: Canvas, x: float, y: float, radius: float, inner: str, outer: str) -> None:
    """A disc in `inner` with a grained corona in `outer`."""
    c.grained(oval_points(x, y, radius * 1.35, radius * 1.35), outer, inner, (1, 1), 0.5)
    c.disc(x, y, radius, inner)


def cloud(c: Canvas, x: float, y: float, size: float, colour: str) -> None:
    """Four puffs on a flat foot, about (x, y)."""
    for dx, dy, r in ((-1.1, 0.1, 0.5), (-0.4, -0.3, 0.7), (0.4, -0.1, 0.6), (1.1, 0.15, 0.45)):
        c.disc(x + dx * size, y + dy * size, r * size, colour)
    c.rect(x - 1.1 * size, y + 0.05 * size, 2.2 * size, 0.55 * size, colour)


def pine(c: Canvas, x: float, foot: float, height: float, colour: str, shade: str) -> None:
    """Three tiers, each grained on its right."""
    c.rect(x - height * 0.03, foot - height * 0.15, height * 0.06, height * 0.15, shade)
    for tier in range(3):
        top, wide = foot - height * (1 - 0.25 * tier), height * (0.16 + 0.07 * tier)
        low = top + height * 0.4
        c.grained([(x, top), (x + wide, low), (x - wide, low)], colour, shade, (1, 0.3), 0.9)


def round_tree(c: Canvas, x: float, foot: float, height: float, colour: str, shade: str) -> None:
    """A trunk and an oval crown."""
    c.rect(x - height * 0.04, foot - height * 0.5, height * 0.08, height * 0.5, shade)
    crown = oval_points(x, foot - height * 0.65, height * 0.3, height * 0.36)
    c.grained(crown, colour, shade, (1, 1), 1.1)
    c.line([(x, foot - height * 0.3), (x, foot - height * 0.75)], shade, height * 0.02)


def house(
    c: Canvas, corner: Point, size: Point, walls: tuple[str, str], windows: tuple[int, int, str]
) -> None:
    """A gabled house: lower left corner, (width, height), (wall, roof), (columns, rows, light)."""
    (x, foot), (wide, high), (wall, roof) = corner, size, walls
    columns, rows, light = windows
    front = [(x, foot), (x, foot - high), (x + wide, foot - high), (x + wide, foot)]
    c.grained(front, wall, roof, (1, 0.4), 0.35)
    peak = foot - high - wide * 0.6
    c.poly(
        [(x - wide * 0.08, foot - high), (x + wide / 2, peak), (x + wide * 1.08, foot - high)], roof
    )
    cell, floor = wide / columns, high / rows
    for row in range(rows):
        for column in range(columns):
            left, top = x + cell * (column + 0.28), foot - high + floor * (row + 0.25)
            c.rect(left, top, cell * 0.44, floor * 0.5, light)


def sailboat(c: Canvas, x: float, y: float, size: float, p: Palette, sail: str) -> None:
    """A hull on the water line `y` under a main sail in `sail` and a light jib."""
    c.line([(x, y), (x, y - size * 1.5)], p.ink, size * 0.05)
    c.grained(
        [
            (x + 0.06 * size, y - 1.45 * size),
            (x + 0.75 * size, y - 0.15 * size),
            (x + 0.06 * size, y - 0.15 * size),
        ],
        sail,
        p.light,
        (1, -1),
        0.5,
    )
    c.poly(
        [
            (x - 0.06 * size, y - 1.2 * size),
            (x - 0.5 * size, y - 0.15 * size),
            (x - 0.06 * size, y - 0.15 * size),
        ],
        p.light,
    )
    c.poly(
        [
            (x - 0.8 * size, y),
            (x + 0.9 * size, y),
            (x + 0.55 * size, y + 0.35 * size),
            (x - 0.5 * size, y + 0.35 * size),
        ],
        p.ink,
    )
    c.line(
        [(x - 0.74 * size, y + 0.08 * size), (x + 0.84 * size, y + 0.08 * size)],
        p.warm,
        size * 0.06,
    )


def ripples(
    c: Canvas, top: float, colour: str, count: int = 60, bottom: float | None = None
) -> None:
    """Short strokes on the water, longer towards the foot."""
    foot = c.height if bottom is None else bottom
    for _ in range(count):
        y = c.random.uniform(top, foot)
        reach = 1 + 6 * (y - top) / max(1, c.height - top)
        x = c.random.uniform(0, c.width)
        c.line([(x, y), (x + reach, y)], colour, 0.25 + 0.05 * reach)


def gull(c: Canvas, x: float, y: float, size: float, colour: str) -> None:
    """Two wings seen from afar."""
    c.line(
        smooth([(x - size, y - size * 0.4), (x - size * 0.45, y - size * 0.55), (x, y)])[:16],
        colour,
        size * 0.14,
    )
    c.line(
        smooth([(x + size, y - size * 0.5), (x + size * 0.45, y - size * 0.6), (x, y)])[:16],
        colour,
        size * 0.14,
    )


def balloon(c: Canvas, x: float, y: float, size: float, colours: tuple[str, str], ink: str) -> None:
    """A hot-air balloon in two colours with its basket."""
    c.line([(x - size * 0.55, y + size * 0.6), (x - size * 0.16, y + size * 1.5)], ink, size * 0.03)
    c.line([(x + size * 0.55, y + size * 0.6), (x + size * 0.16, y + size * 1.5)], ink, size * 0.03)
    shape = smooth(
        [
            (x, y - size),
            (x + size * 0.75, y - size * 0.65),
            (x + size * 0.92, y),
            (x + size * 0.2, y + size * 1.15),
            (x - size * 0.2, y + size * 1.15),
            (x - size * 0.92, y),
            (x - size * 0.75, y - size * 0.65),
        ]
    )
    c.grained(shape, colours[0], ink, (1, 0.5), 0.5)
    c.oval(x, y - size * 0.02, size * 0.42, size * 0.96, colours[1])
    c.oval(x, y - size * 0.02, size * 0.16, size * 0.96, colours[0])
    c.rect(x - size * 0.2, y + size * 1.5, size * 0.4, size * 0.3, ink)


def grass(c: Canvas, top: float, colour: str, count: int, height: float = 3) -> None:
    """`count` blades below height `top`."""
    for _ in range(count):
        x, y = c.random.uniform(0, c.width), c.random.uniform(top, c.height)
        lean = c.random.uniform(-0.5, 0.5) * height
        c.line([(x, y), (x + lean, y - height)], colour, 0.3)


def flower(c: Canvas, x: float, y: float, size: float, petal: str, heart: str) -> None:
    """Six petals round a heart."""
    for k in range(6):
        angle = k * math.pi / 3
        c.disc(
            x + size * 0.6 * math.cos(angle), y + size * 0.6 * math.sin(angle), size * 0.42, petal
        )
    c.disc(x, y, size * 0.38, heart)


def snow(c: Canvas, count: int, colour: str) -> None:
    """`count` flakes over the whole picture."""
    for _ in range(count):
        x, y = c.random.uniform(0, c.width), c.random.uniform(0, c.height)
        c.disc(x, y, c.random.uniform(0.2, 0.7), colour)


def disc_moon(c: Canvas, x: float, y: float, radius: float, colour: str, shine: str) -> None:
    """A full moon with craters and a thin halo."""
    c.ring(x, y, radius * 1.3, colour, 0.3)
    c.grained(oval_points(x, y, radius, radius), shine, colour, (1, 1), 0.9)
    for dx, dy, r in ((-0.4, -0.2, 0.2), (0.3, 0.35, 0.26), (0.25, -0.45, 0.12), (-0.2, 0.5, 0.12)):
        c.disc(x + dx * radius, y + dy * radius, r * radius, colour)
