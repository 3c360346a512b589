"""Four manners of print for the commons: leaves, cut paper, contour lines and quilts.

Each maker takes a seed and gives a picture; big irregular shapes keep any two of them apart.
"""

import math
from random import Random

from story.pictures.canvas import Canvas, Point, oval_points, smooth

_LEAVES = (
    ("#f3efe2", "#2f4a36", "#7d9a63"),
    ("#ece4d3", "#5a3d2b", "#a5713f"),
    ("#e4ebe6", "#22404f", "#6f97a0"),
    ("#1f2f2a", "#dfe6cf", "#8fae7a"),
)
_CUTS = (
    ("#f4f1ea", "#1d1d1b", "#e03c31", "#f2b705", "#2660a4"),
    ("#161a1d", "#f5f3f4", "#ba181b", "#e5b25d", "#7b8f9e"),
    ("#e9e3f0", "#2d1e5f", "#ff6f59", "#43aa8b", "#f6c445"),
)
_LINES = (
    ("#fbf7ef", "#1f3a5f"),
    ("#12263a", "#f4d35e"),
    ("#f0f3ee", "#7a1f3d"),
    ("#2b2d42", "#edf2f4"),
)
_QUILTS = (
    ("#264653", "#2a9d8f", "#e9c46a", "#f4a261", "#e76f51", "#faf3e0"),
    ("#0b132b", "#3a506b", "#5bc0be", "#f5f5f5", "#c44536", "#ffd166"),
    ("#3d2645", "#832161", "#da4167", "#f0eff4", "#f7c59f", "#1b998b"),
)
_BAR = 2  # of the four kinds of cut shape
_TRIANGLES = 0.55  # the share of patches cut straight


def _stem(start: Point, lean: float, length: float, bend: float) -> list[Point]:
    points: list[Point] = []
    for step in range(25):
        angle = math.radians(lean + bend * step / 24)
        x, y = points[-1] if points else start
        points.append((x + math.sin(angle) * length / 24, y - math.cos(angle) * length / 24))
    return points


def botanical(seed: int) -> Canvas:
    """A pressed plant or two with a few big leaves, as in an old flora."""
    dice = Random(seed)
    paper, dark, pale = _LEAVES[seed % len(_LEAVES)]
    c = Canvas(100, 120, paper, seed)
    for k in range(dice.choice((1, 2, 2, 3))):
        start = (dice.uniform(36, 64), dice.uniform(102, 114))
        stem = _stem(start, dice.uniform(-30, 30), dice.uniform(70, 98), dice.uniform(-45, 45))
        c.line(stem, dark, 1.2)
        size, pairs = dice.uniform(10, 19), dice.randint(4, 8)
        for pair in range(pairs):
            x, y = stem[4 + pair * 20 // pairs]
            reach = size * (1.15 - 0.75 * pair / pairs)
            for side in (-1, 1):
                turn = side * dice.uniform(15, 55)
                tip = (x + side * reach * 0.9 * math.cos(math.radians(turn)), y - reach * 0.55)
                tone = dark if (pair + k + side) % 3 else pale
                leaf = oval_points(*tip, reach, reach * dice.uniform(0.28, 0.48), -turn)
                c.grained(leaf, tone, pale if tone == dark else dark, (1, 1), 0.5)
                c.line([(x, y), tip], paper, 0.4)
        c.disc(*stem[-1], dice.uniform(3, 9), pale)
        c.disc(*stem[-1], dice.uniform(1.5, 3), dark)
    c.line([(3, 3), (97, 3), (97, 117), (3, 117), (3, 3)], dark, 0.5)
    return c


def cut_paper(seed: int) -> Canvas:
    """Large cut shapes laid over one another: half discs, bars, rings and blobs."""
    dice = Random(seed)
    ground, *inks = _CUTS[seed % len(_CUTS)]
    c = Canvas(100, 100, ground, seed)
    for k in range(dice.randint(8, 11)):
        x, y, size = dice.uniform(5, 95), dice.uniform(5, 95), dice.uniform(9, 32)
        ink = inks[k % len(inks)]
        kind = dice.randrange(4)
        turn = dice.uniform(0, 360)
        if kind == 0:
            rim = oval_points(x, y, size, size, turn)
            c.poly(rim[:33], ink)
        elif kind == 1:
            c.ring(x, y, size * 0.8, ink, size * 0.3)
        elif kind == _BAR:
            bar = oval_points(x, y, size * 1.6, size * 0.4, turn)
            c.poly(bar[4::8], ink)
        else:
            spots = oval_points(x, y, size, size, turn)[::9]
            c.curve([(u + dice.uniform(-8, 8), v + dice.uniform(-8, 8)) for u, v in spots], ink)
    return c


def contours(seed: int) -> Canvas:
    """Height lines of an invented island group, filled by bands."""
    dice = Random(seed)
    paper, ink = _LINES[seed % len(_LINES)]
    c = Canvas(120, 100, paper, seed)
    for _ in range(dice.randint(4, 6)):
        x, y, size = dice.uniform(8, 112), dice.uniform(8, 92), dice.uniform(16, 38)
        shape = [(a, dice.uniform(0.55, 1.2)) for a in range(0, 360, 36)]
        for level in range(7):
            reach = size * (1 - level / 7)
            rim = smooth(
                [
                    (
                        x + reach * far * math.cos(math.radians(a)),
                        y + reach * far * math.sin(math.radians(a)),
                    )
                    for a, far in shape
                ]
            )
            c.poly(rim, paper if level % 2 else ink)
    for k in range(5):
        shift = dice.uniform(0, 100)
        c.line([(step * 2, shift + 3 * math.sin(step * 0.2 + k)) for step in range(61)], ink, 0.5)
    return c


def quilt(seed: int) -> Canvas:
    """A patchwork of triangles and quarter rounds on a coarse grid, with large joined fields."""
    dice = Random(seed)
    inks = _QUILTS[seed % len(_QUILTS)]
    cells = dice.choice((3, 4, 5))
    side = 110 / cells
    c = Canvas(110, 110, inks[0], seed)
    for row in range(cells):
        for column in range(cells):
            x, y = column * side, row * side
            under, over = dice.sample(inks, 2)
            c.rect(x, y, side + 0.1, side + 0.1, under)
            corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
            first = dice.randrange(4)
            turned = corners[first:] + corners[:first]
            if dice.random() < _TRIANGLES:
                c.grained(turned[:3], over, under, (1, 1), 0.3)
            else:
                rim = oval_points(*turned[0], side, side)
                inside = [(min(max(u, x), x + side), min(max(v, y), y + side)) for u, v in rim]
                c.grained(inside, over, under, (1, 1), 0.3)
    return c
