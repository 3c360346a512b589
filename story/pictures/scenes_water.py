"""Eight pictures at the water: harbour, lighthouse, whale, paper boats, reef, tide, swan, canoe."""

import math

from story.pictures import motifs as m
from story.pictures.canvas import Canvas, oval_points, smooth
from story.pictures.palette import AUTUMN, DAWN, DUSK, NIGHT, NOON, SEA


def harbour() -> Canvas:
    """The Harbour Before the Bread Is Out."""
    p, c = DAWN, Canvas(120, 100, DAWN.sky, 101)
    c.band(0, 58, p.sky, p.glow)
    m.sun(c, 88, 24, 9, p.light, p.sky)
    walls = (p.warm, p.light, p.spark, p.mid, p.light, p.far, p.warm)
    for index, wall in enumerate(walls):
        roof = p.near if index % 2 else p.ink
        high = (26, 34, 22, 38, 28, 20, 31)[index]
        m.house(c, (2 + index * 11, 60), (10, high), (wall, roof), (2, 3 + index % 2, p.ink))
    c.band(60, 100, p.mid, p.ink, 0.9)
    c.rect(0, 59, 84, 3.5, p.ink)
    m.ripples(c, 64, p.far, 90)
    m.sailboat(c, 96, 68, 15, p, p.warm)
    m.sailboat(c, 42, 84, 9, p, p.spark)
    for x, y in ((92, 14), (104, 20), (66, 10)):
        m.gull(c, x, y, 3, p.ink)
    return c


def lighthouse() -> Canvas:
    """The Keeper's Day Off."""
    p, c = SEA, Canvas(100, 120, SEA.sky, 102)
    c.band(0, 80, p.sky, p.glow)
    c.poly([(31, 27), (100, 4), (100, 34)], p.light)
    m.cloud(c, 74, 50, 8, p.light)
    c.band(80, 120, p.far, p.mid)
    m.ripples(c, 82, p.glow, 70)
    c.grained(
        smooth([(-10, 125), (-6, 84), (16, 78), (38, 82), (52, 100), (66, 126)]),
        p.near,
        p.ink,
        (1, 1),
        0.9,
    )
    for step in range(6):
        wide, y = 8 + step * 0.8, 34 + step * 8
        stripe = [
            (28 - wide, y + 8),
            (28 - wide + 0.8, y),
            (28 + wide - 0.8, y),
            (28 + wide, y + 8),
        ]
        c.grained(stripe, p.warm if step % 2 else p.light, p.ink, (1, 0), 0.45)
    c.rect(18, 32, 20, 2.5, p.ink)
    c.rect(22, 23, 12, 9, p.spark)
    c.poly([(20, 23), (28, 14), (36, 23)], p.warm)
    for x in (25, 28, 31):
        c.line([(x, 23), (x, 32)], p.ink, 0.5)
    m.sailboat(c, 82, 88, 8, p, p.spark)
    m.gull(c, 60, 66, 3.5, p.ink)
    m.gull(c, 48, 18, 2.5, p.ink)
    return c


def whale() -> Canvas:
    """What the Ferry Did Not See."""
    p, c = SEA, Canvas(120, 100, SEA.glow, 103)
    m.sun(c, 22, 12, 6, p.spark, p.light)
    c.band(22, 100, p.far, p.near, 1.2)
    body = smooth(
        [
            (12, 62),
            (20, 46),
            (46, 38),
            (74, 44),
            (94, 60),
            (106, 50),
            (114, 52),
            (108, 62),
            (113, 74),
            (104, 74),
            (94, 67),
            (70, 80),
            (38, 82),
            (18, 76),
        ]
    )
    c.grained(body, p.ink, p.near, (1, -1), 0.5)
    c.curve([(13, 66), (40, 70), (66, 72), (60, 79), (38, 81), (20, 76)], p.light)
    for k in range(6):
        c.line([(20 + 6 * k, 70), (24 + 6 * k, 79)], p.sky, 0.5)
    c.curve([(42, 72), (54, 74), (56, 90), (47, 86)], p.near)
    c.disc(25, 61, 1.8, p.light)
    c.disc(25.3, 61, 0.9, p.ink)
    c.poly([(64, 16), (98, 16), (93, 24), (69, 24)], p.warm)
    c.rect(72, 9, 16, 7, p.light)
    c.rect(82, 3, 4, 6, p.ink)
    for x in (74, 78, 84):
        c.disc(x + 0.5, 12.5, 1.1, p.ink)
    for _ in range(30):
        c.ring(
            c.random.uniform(4, 116),
            c.random.uniform(28, 96),
            c.random.uniform(0.4, 1.2),
            p.sky,
            0.2,
        )
    return c


def paper_boats() -> Canvas:
    """A Fleet of Letters."""
    p, c = NOON, Canvas(100, 100, NOON.mid, 104)
    for radius in range(96, 6, -9):
        shade = p.far if (radius // 9) % 2 else p.mid
        c.grained(oval_points(34, 70, radius, radius * 0.72), shade, p.near, (-1, -1), 0.35)
    for x, y, size, colour in (
        (34, 62, 15, p.light),
        (74, 30, 11, p.warm),
        (80, 78, 9, p.spark),
        (22, 22, 8, p.light),
    ):
        c.oval(x, y + size * 0.5, size * 1.2, size * 0.22, p.near)
        c.poly([(x - size * 0.5, y), (x, y - size), (x + size * 0.5, y)], p.glow)
        c.grained(
            [
                (x - size * 1.2, y - size * 0.25),
                (x, y + size * 0.05),
                (x + size * 1.2, y - size * 0.25),
                (x + size * 0.7, y + size * 0.5),
                (x - size * 0.7, y + size * 0.5),
            ],
            colour,
            p.near,
            (1, 0.3),
            0.5,
        )
    for x, y in ((56, 12), (90, 54), (8, 92), (58, 90), (6, 48)):
        c.oval(x, y, 7, 5, p.near)
        c.poly([(x, y), (x + 8, y - 3), (x + 8, y + 1)], p.mid)
        m.flower(c, x - 2, y - 1, 2, p.light, p.spark)
    return c


def _fish(c: Canvas, x: float, y: float, size: float, colours: tuple[str, str]) -> None:
    body, stripe = colours
    c.curve([(x - size, y), (x, y - size * 0.6), (x + size, y), (x, y + size * 0.6)], body)
    c.poly(
        [(x + size * 0.8, y), (x + size * 1.6, y - size * 0.55), (x + size * 1.6, y + size * 0.55)],
        body,
    )
    c.oval(x + size * 0.1, y, size * 0.12, size * 0.5, stripe)
    c.oval(x + size * 0.5, y, size * 0.1, size * 0.32, stripe)
    c.disc(x - size * 0.55, y - size * 0.1, size * 0.13, stripe)


def reef() -> Canvas:
    """Reef Street."""
    p, c = SEA, Canvas(100, 120, SEA.mid, 105)
    c.band(0, 120, p.far, p.ink, 1.1)
    for x, top, colour in (
        (10, 40, p.warm),
        (24, 78, p.spark),
        (88, 26, p.near),
        (76, 70, p.warm),
        (52, 92, p.light),
    ):
        for branch in range(-2, 3):
            high = 120 - top - abs(branch) * (120 - top) * 0.18
            tip = (x + branch * 5, 120 - high)
            c.line([(x, 122), (x + branch * 3.4, 120 - high * 0.55), tip], colour, 2.6)
            c.disc(*tip, 2, colour)
    for x, y, size, body in (
        (58, 30, 12, p.spark),
        (36, 58, 7, p.light),
        (66, 60, 5, p.warm),
        (34, 18, 5, p.light),
        (84, 90, 4, p.light),
        (42, 80, 4, p.spark),
    ):
        _fish(c, x, y, size, (body, p.ink))
    for k in range(14):
        c.ring(62 + 3 * math.sin(k), 22 - k * 1.8, 0.5 + (k % 3) * 0.3, p.glow, 0.25)
    return c


def tea_with_the_tide() -> Canvas:
    """Tea with the Tide."""
    p, c = DUSK, Canvas(120, 100, DUSK.sky, 106)
    c.band(0, 66, p.far, p.glow, 1.1)
    m.sun(c, 24, 58, 13, p.light, p.spark)
    c.band(66, 100, p.mid, p.ink)
    m.ripples(c, 68, p.glow, 70)
    c.curve([(42, 54), (30, 44), (22, 42), (25, 36), (38, 38), (52, 62)], p.light)
    c.arc(88, 52, 13, (250, 110), p.light, 4)
    pot = smooth([(46, 76), (44, 52), (56, 36), (76, 36), (90, 52), (87, 76)])
    c.grained(pot, p.light, p.far, (1, 0.6), 0.9)
    c.oval(66, 36, 13, 3.2, p.warm)
    c.disc(66, 30.5, 3, p.warm)
    c.rect(58, 58, 7, 14, p.near)
    c.disc(61.5, 58, 3.5, p.near)
    for x, y in ((75, 50), (75, 62), (54, 50)):
        c.disc(x, y, 3, p.near)
        c.disc(x, y, 2.2, p.spark)
    for k in range(5):
        c.disc(22 - k * 2 + 3 * math.sin(k * 1.4), 34 - k * 6, 2.2 + k * 0.9, p.light)
    c.curve([(38, 78), (60, 71), (92, 75), (104, 84), (70, 90), (36, 86)], p.ink)
    m.sailboat(c, 108, 72, 6, p, p.warm)
    return c


def swan() -> Canvas:
    """Swan at the Landing."""
    p, c = AUTUMN, Canvas(100, 100, AUTUMN.far, 107)
    c.band(0, 34, p.sky, p.far)
    for x in range(2, 100, 9):
        m.round_tree(c, x, 36, 20 + c.random.uniform(-6, 10), p.mid if x % 2 else p.warm, p.near)
    c.band(34, 100, p.near, p.ink)
    m.ripples(c, 36, p.mid, 80)
    body = smooth([(24, 70), (36, 58), (56, 56), (74, 60), (90, 48), (86, 68), (70, 82), (38, 82)])
    c.grained(body, p.light, p.far, (0, 1), 0.6)
    neck = [(31, 72), (38, 56), (32, 40), (24, 34), (22, 24), (30, 19)]
    c.line(smooth([*neck, *neck[::-1]])[:40], p.light, 6)
    c.oval(30, 21, 5.4, 4, p.light, 15)
    c.poly([(34, 19), (44, 25), (33, 25)], p.warm)
    c.poly([(31, 18), (36, 20), (33, 23)], p.ink)
    for k in range(3):
        c.arc(64, 60 + k * 2, 14 - k * 3, (20, 150), p.far, 0.7)
    for x in (6, 12, 92, 97):
        c.line([(x, 100), (x + 1, 58 + x % 7)], p.spark, 0.6)
        c.oval(x + 1, 62 + x % 7, 1.3, 5, p.warm)
    return c


def bears_canoe() -> Canvas:
    """Bear's Canoe."""
    p, c = NIGHT, Canvas(120, 100, NIGHT.sky, 108)
    m.stars(c, 60, 46, p.light)
    c.grained(m.ridge(c, 42, 8, 1.2, 2), p.glow, p.far, amount=0.7)
    for x in (4, 12, 19, 98, 107, 115):
        m.pine(c, x, 60, 26 + (x * 7) % 13, p.far, p.ink)
    c.band(58, 100, p.glow, p.near, 1.1)
    c.poly([(68, 58), (74, 58), (84, 100), (56, 100)], p.far)
    m.disc_moon(c, 71, 20, 11, p.spark, p.light)
    body = smooth([(42, 74), (42, 56), (52, 48), (62, 50), (68, 60), (68, 74)])
    c.grained(body, "#8a5a3c", p.ink, (1, 0.5), 0.8)
    for x in (46, 58):
        c.disc(x, 36.5, 3, "#8a5a3c")
    c.disc(52, 42, 8.5, "#8a5a3c")
    c.oval(49, 44.5, 4.4, 3.2, p.light)
    c.disc(48, 43, 1.2, p.ink)
    c.disc(54.5, 40.5, 0.9, p.ink)
    c.disc(47.5, 39.8, 0.9, p.ink)
    c.line([(66, 48), (82, 88)], p.light, 1)
    c.oval(82, 88, 2, 5, p.light, -20)
    c.rect(44, 50, 18, 4, p.warm)
    hull = smooth([(22, 66), (30, 74), (58, 76), (88, 74), (98, 64), (92, 82), (60, 87), (30, 83)])
    c.grained(hull, p.warm, p.ink, (0, 1), 0.7)
    m.ripples(c, 86, p.light, 22)
    return c
