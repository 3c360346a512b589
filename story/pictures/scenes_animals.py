"""Seven pictures of animals and small things: owl, fox, hare, stag, mushrooms, bees, lanterns."""

import math

from story.pictures import motifs as m
from story.pictures.canvas import Canvas, Point, oval_points, smooth
from story.pictures.palette import AUTUMN, DUSK, MEADOW, NIGHT, NOON, WINTER


def owl() -> Canvas:
    """Owl, Not Sleeping."""
    p, c = NIGHT, Canvas(100, 100, NIGHT.sky, 401)
    m.stars(c, 50, 96, p.light)
    m.disc_moon(c, 18, 18, 11, p.spark, p.light)
    body = smooth([(50, 14), (76, 22), (80, 52), (70, 82), (50, 90), (30, 82), (24, 52), (26, 22)])
    c.grained(body, "#9a6a45", p.ink, (1, 1), 0.8)
    c.poly([(27, 26), (26, 8), (42, 17)], "#9a6a45")
    c.poly([(75, 26), (76, 8), (60, 17)], "#9a6a45")
    c.oval(51, 66, 17, 22, p.light)
    for row in range(5):
        for k in range(4 + row % 2):
            c.arc(41 + k * 6.4 - (row % 2) * 3, 54 + row * 6.6, 3, (10, 170), p.warm, 0.9)
    for x in (39, 62):
        c.disc(x, 36, 13, p.light)
        c.ring(x, 36, 13, p.warm, 1.2)
        c.disc(x, 36, 7.5, p.spark)
        c.disc(x, 36, 4.4, p.ink)
        c.disc(x - 1.6, 34.4, 1.3, p.light)
    c.poly([(46.5, 42), (54.5, 42), (50.5, 51)], p.warm)
    for side in (-1, 1):
        c.curve(
            [
                (50 + side * 27, 36),
                (50 + side * 31, 60),
                (50 + side * 20, 86),
                (50 + side * 20, 54),
            ],
            "#6b4530",
        )
    c.grained([(0, 84), (100, 90), (100, 97), (0, 92)], p.ink, p.glow, (0, -1), 0.4)
    for x in (42, 46, 56, 60):
        c.oval(x, 88, 1.6, 3.4, p.spark)
    for x, y, turn in ((12, 82, 30), (88, 85, -40), (80, 96, 60), (22, 95, -20)):
        c.oval(x, y, 8, 3, "#2f6b5f", turn)
    return c


def fox() -> Canvas:
    """First Snow, Said the Fox."""
    p, c = WINTER, Canvas(120, 100, WINTER.sky, 402)
    c.band(0, 70, p.mid, p.glow, 1)
    for x in (8, 20, 31, 88, 99, 112):
        m.pine(c, x, 72, 40 + (x * 5) % 17, p.near, p.ink)
    c.curve([(-8, 106), (-6, 74), (34, 66), (80, 72), (126, 64), (130, 106)], p.light)
    c.grained(
        smooth([(84, 70), (98, 66), (110, 50), (112, 66), (102, 80), (86, 82)]),
        p.warm,
        p.ink,
        (1, 0),
        0.5,
    )
    c.curve([(106, 57), (111, 49), (113, 62), (108, 66)], p.light)
    c.grained(
        smooth([(46, 62), (60, 58), (80, 60), (90, 70), (86, 80), (62, 80), (48, 76)]),
        p.warm,
        p.ink,
        (0, 1),
        0.5,
    )
    for x in (54, 60, 80, 85):
        c.line([(x, 76), (x - 1, 92)], p.ink, 2.6)
    c.curve([(28, 52), (40, 44), (54, 48), (56, 64), (44, 72), (34, 66)], p.warm)
    c.poly([(38, 48), (36, 32), (46, 44)], p.warm)
    c.poly([(48, 47), (54, 33), (57, 50)], p.warm)
    c.poly([(39, 44), (38, 36), (43, 43)], p.ink)
    c.poly([(50, 46), (53.5, 38), (55, 48)], p.ink)
    c.curve([(22, 62), (34, 56), (46, 62), (42, 71), (32, 68)], p.light)
    c.disc(22.5, 62, 2, p.ink)
    c.disc(35, 54.5, 1.4, p.ink)
    c.disc(46, 55, 1.4, p.ink)
    for k in range(6):
        c.oval(96 + k * 5, 90 - k * 0.8, 1.4, 0.8, p.far)
    m.snow(c, 90, p.light)
    return c


def hare() -> Canvas:
    """Hare on Moon Hill."""
    p, c = DUSK, Canvas(100, 120, DUSK.near, 403)
    c.band(0, 100, p.ink, p.far, 0.9)
    m.stars(c, 40, 40, p.light)
    m.disc_moon(c, 52, 52, 36, p.spark, p.light)
    shade = p.ink
    c.curve([(36, 104), (36, 82), (44, 70), (56, 66), (68, 76), (74, 94), (72, 106)], shade)
    c.curve([(34, 64), (40, 56), (50, 56), (54, 64), (48, 72), (38, 72)], shade)
    c.curve([(42, 58), (36, 42), (34, 26), (40, 26), (46, 42), (48, 58)], shade)
    c.curve([(48, 58), (50, 40), (56, 26), (60, 30), (56, 46), (52, 60)], shade)
    c.curve([(39, 44), (37, 32), (39, 30), (43, 44)], p.far)
    c.disc(75, 96, 5, p.light)
    c.disc(41, 63, 1.3, p.spark)
    c.curve([(38, 108), (40, 86), (46, 84), (46, 108)], shade)
    c.grained(m.ridge(c, 106, 2.4, 1.2, 0), p.mid, p.ink, amount=0.9)
    for x in range(3, 100, 6):
        high = c.random.uniform(6, 17)
        c.line([(x, 116), (x + 2, 112 - high)], p.ink, 0.7)
        m.flower(c, x + 2, 112 - high, 2, p.warm if x % 4 else p.light, p.spark)
    return c


def _fern(c: Canvas, x: float, top: float) -> None:
    c.line([(x, 122), (x, top)], MEADOW.near, 0.8)
    for k in range(9):
        y, reach = top + k * (120 - top) / 9, 2 + k * 0.9
        tone = MEADOW.near if k % 2 else MEADOW.mid
        for side in (-1, 1):
            c.oval(x + side * reach * 0.8, y + 2, reach, 1.3, tone, -side * 25)


def stag() -> Canvas:
    """Stag in the Bracken."""
    p, c = MEADOW, Canvas(100, 120, MEADOW.light, 404)
    c.grained([(0, 0), (100, 0), (100, 120), (0, 120)], p.light, p.far, (1, 1), 0.7)
    coat = "#a85a32"
    for side in (-1, 1):
        beam = smooth(
            [
                (50 + side * 5, 50),
                (50 + side * 18, 40),
                (50 + side * 26, 22),
                (50 + side * 20, 6),
                (50 + side * 20, 6),
                (50 + side * 26, 22),
                (50 + side * 18, 40),
            ]
        )[:25]
        c.line(beam, p.ink, 2)
        for (x, y), (u, v) in (
            ((16, 42), (8, 26)),
            ((24, 31), (36, 22)),
            ((26, 20), (38, 8)),
            ((24, 14), (12, 6)),
        ):
            c.line([(50 + side * x, y), (50 + side * u, v)], p.ink, 1.6)
        c.curve(
            [(50 + side * 9, 54), (50 + side * 24, 48), (50 + side * 26, 54), (50 + side * 12, 62)],
            coat,
        )
    c.grained(
        smooth([(34, 124), (38, 90), (36, 70), (64, 70), (62, 90), (72, 124)]),
        coat,
        p.ink,
        (1, 1),
        0.7,
    )
    c.grained(
        smooth([(50, 46), (62, 54), (60, 72), (55, 88), (45, 88), (40, 72), (38, 54)]),
        coat,
        p.ink,
        (1, 0.4),
        0.4,
    )
    c.oval(50, 84, 6, 5, p.light)
    c.oval(50, 81.6, 3, 2, p.ink)
    for x in (43, 57):
        c.oval(x, 64, 1.5, 2, p.ink)
        c.disc(x - 0.4, 63.4, 0.5, p.light)
    for x, top in ((6, 70), (18, 90), (30, 102), (72, 100), (84, 84), (95, 66)):
        _fern(c, x, top)
    return c


def _toadstool(c: Canvas, at: Point, size: float, cap: str) -> None:
    (x, y), p = at, AUTUMN
    foot = [
        (x - size * 0.22, y),
        (x + size * 0.2, y),
        (x + size * 0.3, 104),
        (x - size * 0.34, 104),
    ]
    c.grained(smooth(foot), p.light, p.far, (1, 0), 0.8)
    c.oval(x, y, size * 0.9, size * 0.2, p.sky)
    top = [point for point in oval_points(x, y, size, size * 0.86) if point[1] <= y + 0.1]
    c.grained(top, cap, p.near, (1, 1), 0.7)
    spots = ((-0.5, -0.3, 0.12), (0, -0.6, 0.15), (0.45, -0.35, 0.13), (-0.1, -0.2, 0.09))
    for dx, dy, r in (*spots, (0.72, -0.14, 0.07), (-0.8, -0.1, 0.07)):
        c.oval(x + dx * size, y + dy * size, r * size, r * size * 0.8, p.light)


def mushrooms() -> Canvas:
    """Mushroom Weather."""
    p, c = AUTUMN, Canvas(120, 100, AUTUMN.near, 405)
    c.band(0, 100, p.ink, p.mid, 0.7)
    for x, y, size, cap in (
        (38, 46, 32, p.warm),
        (88, 62, 20, p.spark),
        (66, 82, 9, p.warm),
        (10, 80, 10, p.far),
    ):
        _toadstool(c, (x, y), size, cap)
    c.rect(31, 84, 10, 16, p.mid)
    c.disc(36, 84, 5, p.mid)
    c.disc(38.6, 90, 0.8, p.spark)
    c.disc(36, 66, 4, p.spark)
    c.line([(32, 66), (40, 66)], p.near, 0.6)
    c.line([(36, 62), (36, 70)], p.near, 0.6)
    m.grass(c, 94, p.ink, 140, 6)
    for _ in range(40):
        c.disc(
            c.random.uniform(60, 120), c.random.uniform(4, 44), c.random.uniform(0.2, 0.6), p.spark
        )
    return c


def bees() -> Canvas:
    """Linden Honey."""
    p, c = MEADOW, Canvas(100, 100, MEADOW.spark, 406)
    c.band(0, 100, "#f6d77c", p.spark, 0.7)
    for x, y, size, petal in (
        (22, 78, 17, p.light),
        (76, 66, 21, p.warm),
        (52, 96, 14, p.light),
        (8, 40, 10, p.warm),
    ):
        c.line([(x, y), (x - 3, 104)], p.near, 1.6)
        for k in range(10):
            c.oval(
                x + size * 0.62 * math.cos(k * 0.628),
                y + size * 0.62 * math.sin(k * 0.628),
                size * 0.42,
                size * 0.17,
                petal,
                math.degrees(k * 0.628),
            )
        c.grained(oval_points(x, y, size * 0.36, size * 0.36), "#7a4a32", p.ink, (1, 1), 0.9)
    for x, y, size, turn in ((40, 30, 12, -18), (78, 22, 8, 24), (46, 60, 5, 10)):
        c.oval(x - size * 0.1, y - size * 0.7, size * 0.35, size * 0.72, p.light, 20 + turn)
        c.oval(x + size * 0.45, y - size * 0.65, size * 0.3, size * 0.62, "#dcebe4", 45 + turn)
        c.oval(x, y, size, size * 0.62, p.ink, turn)
        for place in (-0.45, 0.05, 0.5):
            u = x + size * place * math.cos(math.radians(turn))
            v = y + size * place * math.sin(math.radians(turn))
            c.oval(u, v, size * 0.13, size * 0.54, p.spark, turn)
        c.disc(x - size * 0.82, y - size * 0.05 - turn * 0.04, size * 0.1, p.light)
    for k in range(22):
        c.disc(50 + k * 1.1, 28 - 6 * math.sin(k * 0.32), 0.35, p.ink)
    return c


def lanterns() -> Canvas:
    """Lantern Evening."""
    p, c = NOON, Canvas(120, 100, NOON.ink, 407)
    c.band(0, 100, p.near, p.ink, 1)
    for start, sag in ((8, 18), (26, 30)):
        line = [(k * 2, start + sag * math.sin(k * 2 / 120 * math.pi)) for k in range(61)]
        c.line(line, p.light, 0.5)
    spots = (
        (14, 22, 8, p.warm),
        (40, 32, 12, p.spark),
        (70, 36, 9, p.light),
        (98, 26, 13, p.warm),
        (26, 56, 7, p.light),
        (60, 70, 10, p.warm),
        (88, 62, 8, p.spark),
    )
    for x, y, size, colour in spots:
        c.line([(x, y - size - 3), (x, y + size + 5)], p.light, 0.5)
        c.grained(oval_points(x, y, size, size * 0.86), colour, p.ink, (1, 1), 0.5)
        c.oval(x, y, size * 0.35, size * 0.86, p.glow)
        c.ring(x, y, size * 0.6, colour, 0.5)
        c.rect(x - size * 0.4, y - size, size * 0.8, size * 0.2, p.ink)
        c.rect(x - size * 0.4, y + size * 0.8, size * 0.8, size * 0.2, p.spark)
    for k in range(13):
        place, high = 4 + k * 9.5, 5 + (k * 7) % 6
        c.curve(
            [
                (place - 4, 104),
                (place - 3.4, 98 - high),
                (place, 95 - high),
                (place + 3.4, 98 - high),
                (place + 4, 104),
            ],
            (p.mid, p.warm, p.far)[k % 3],
        )
        c.disc(place, 93 - high, 2.6, "#e9b796")
        c.arc(place, 92.4 - high, 2.6, (170, 370), p.ink, 1.4)
    return c
