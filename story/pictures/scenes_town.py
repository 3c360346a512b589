"""Eight pictures of towns and things people build: night roofs, tram, viaduct, market, castle."""

import math

from story.pictures import motifs as m
from story.pictures.canvas import Canvas, oval_points
from story.pictures.palette import AUTUMN, DAWN, DUSK, MEADOW, NIGHT, NOON, RAIN, WINTER


def night_post() -> Canvas:
    """The Night Post."""
    p, c = NIGHT, Canvas(100, 120, NIGHT.sky, 201)
    c.band(0, 70, p.near, p.glow, 0.9)
    m.stars(c, 90, 60, p.light)
    for row, foot in enumerate((84, 104, 126)):
        x = -6.0 - 5 * row
        while x < c.width:
            wide = c.random.uniform(12, 20)
            wall = (p.far, p.mid, p.ink)[row]
            high = c.random.uniform(14, 34)
            m.house(c, (x, foot), (wide, high), (wall, p.ink), (3, 3, p.spark if row else p.glow))
            x += wide + 1.5
    c.poly([(20, 16), (46, 10), (54, 22), (28, 29)], p.light)
    c.line([(20, 16), (38, 21), (46, 10)], p.warm, 0.8)
    c.grained([(8, 20), (22, 18), (24, 26), (14, 31)], p.warm, p.ink, (1, 1), 0.4)
    m.disc_moon(c, 82, 18, 9, p.spark, p.light)
    return c


def last_tram() -> Canvas:
    """Last Tram Uphill."""
    p, c = DUSK, Canvas(100, 100, DUSK.glow, 202)
    c.band(0, 100, p.sky, p.glow)
    for k in range(6):
        x = 2 + k * 17
        m.house(c, (x, 96 - k * 13), (14, 26), (p.far if k % 2 else p.mid, p.near), (2, 3, p.spark))
    c.poly([(0, 92), (100, 14), (100, 100), (0, 100)], p.near)
    c.line([(0, 98), (100, 20)], p.spark, 0.7)
    c.line([(8, 98), (100, 27)], p.spark, 0.7)
    c.line([(0, 58), (100, -18)], p.ink, 0.4)
    c.line([(54, 20), (58, 32)], p.ink, 0.6)
    c.grained([(34, 47), (68, 21), (78, 36), (44, 62)], p.warm, p.ink, (0, 1), 0.5)
    c.poly([(33, 46), (67, 20), (69, 23), (35, 49)], p.light)
    for k in range(4):
        x, y = 41 + 8 * k, 49 - 6.2 * k
        c.poly([(x, y), (x + 5, y - 3.8), (x + 8, y + 0.8), (x + 3, y + 4.6)], p.light)
    for x, y in ((51, 59), (71, 44)):
        c.disc(x, y, 3.2, p.ink)
        c.disc(x, y, 1.2, p.spark)
    for x, y in ((86, 78), (64, 92)):
        c.rect(x, y - 20, 1, 22, p.ink)
        c.disc(x + 0.5, y - 21, 3, p.spark)
    return c


def viaduct() -> Canvas:
    """The Ten o'Clock over the Viaduct."""
    p, c = MEADOW, Canvas(120, 100, MEADOW.sky, 203)
    m.sun(c, 100, 16, 8, p.warm, p.spark)
    c.grained(m.ridge(c, 40, 9, 1.4, 0.5), p.far, p.mid, amount=0.6)
    c.rect(0, 38, 120, 8, p.light)
    for k in range(6):
        x = 4 + k * 20
        c.grained([(x - 3, 46), (x + 3, 46), (x + 3, 92), (x - 3, 92)], p.light, p.mid, (1, 0), 0.6)
    for k in range(7):
        c.arc(-6 + k * 20, 57, 11, (180, 360), p.light, 4)
    c.line([(0, 38), (120, 38)], p.ink, 1)
    for k in range(4):
        x = 8 + k * 17
        c.rect(x, 25, 15, 10, p.warm if k % 2 == 0 else p.near)
        for w in range(3):
            c.rect(x + 2 + w * 4.3, 27, 2.8, 3.6, p.light)
        c.disc(x + 3.5, 36, 2, p.ink)
        c.disc(x + 11.5, 36, 2, p.ink)
    c.rect(76, 27, 18, 8, p.ink)
    c.rect(76, 20, 7, 8, p.ink)
    c.rect(89, 20, 3, 8, p.ink)
    for x in (79, 86, 92):
        c.disc(x, 36, 2.4, p.warm)
    for k in range(5):
        m.cloud(c, 86 - k * 14, 14 - k * 1.6, 2.4 + k * 0.9, p.light)
    c.grained(m.ridge(c, 84, 5, 1, 3), p.near, p.ink, amount=0.7)
    for x in range(5, 120, 13):
        m.round_tree(c, x, 97, 12 + x % 5, p.mid, p.ink)
    return c


def winter_market() -> Canvas:
    """Winter Market."""
    p, c = WINTER, Canvas(120, 100, WINTER.near, 204)
    c.band(0, 60, p.ink, p.mid)
    c.poly([(82, 4), (108, 72), (56, 72)], p.near)
    c.grained([(82, 4), (104, 60), (60, 60)], p.mid, p.ink, (1, 0), 0.8)
    for k in range(24):
        y = 12 + k * 2.1
        c.disc(82 + (y - 4) * 0.36 * math.sin(k * 2.2), y, 1.1, p.spark if k % 3 else p.warm)
    c.poly([(82, -1), (84, 5), (82, 8), (80, 5)], p.spark)
    c.curve([(-8, 104), (-4, 76), (40, 70), (90, 74), (126, 70), (128, 104)], p.light)
    for x, foot, wide, colour in ((6, 84, 30, p.warm), (44, 78, 26, p.spark), (86, 90, 32, p.near)):
        c.rect(x + 2, foot - 24, wide - 4, 24, p.ink)
        c.rect(x + 4, foot - 20, wide - 8, 9, p.spark)
        c.rect(x, foot - 10, wide, 10, p.mid)
        for k in range(6):
            left, step = x - 2 + k * (wide + 4) / 6, (wide + 4) / 6
            stripe = colour if k % 2 else p.light
            c.rect(left, foot - 31, step, 8, stripe)
            c.disc(left + step / 2, foot - 23, step / 2, stripe)
    for x, y in ((38, 92), (76, 86), (64, 95)):
        c.curve(
            [(x - 3, y + 4), (x - 2.4, y - 4), (x, y - 7), (x + 2.4, y - 4), (x + 3, y + 4)], p.warm
        )
        c.disc(x, y - 8, 2, p.glow)
        c.disc(x, y - 9.4, 1.8, p.ink)
    m.snow(c, 110, p.light)
    return c


def sand_castle() -> Canvas:
    """The Castle Until Four."""
    p, c = NOON, Canvas(100, 100, NOON.sky, 205)
    sand, dark = "#eec98a", "#b98242"
    m.cloud(c, 18, 16, 6, p.light)
    m.cloud(c, 80, 10, 4.5, p.light)
    c.band(34, 52, p.mid, p.near)
    m.ripples(c, 36, p.glow, 30, bottom=52)
    c.band(52, 100, sand, dark, 0.4)
    for x, wide, high in ((22, 13, 34), (64, 15, 44), (43, 16, 58)):
        top = 82 - high
        tower = [(x, 84), (x + 1, top), (x + wide - 1, top), (x + wide, 84)]
        c.grained(tower, sand, dark, (1, 0.2), 0.9)
        for k in range(3):
            c.rect(x + 0.6 + k * wide / 3, top - 3.5, wide / 5, 4, dark)
        c.line([(x + wide / 2, top - 3), (x + wide / 2, top - 15)], p.ink, 0.5)
        c.poly(
            [(x + wide / 2, top - 15), (x + wide / 2 + 8, top - 12.5), (x + wide / 2, top - 10)],
            p.warm,
        )
        c.rect(x + wide / 2 - 1, top + 6, 2, 5, p.ink)
    c.grained([(14, 86), (14, 68), (86, 68), (86, 86)], sand, dark, (0, 1), 0.7)
    for k in range(9):
        c.rect(14 + k * 8.2, 65, 4.5, 4, sand)
    c.disc(50, 78, 6, p.ink)
    c.rect(44, 78, 12, 8, p.ink)
    c.curve([(2, 92), (30, 86), (70, 86), (98, 92), (60, 97), (30, 97)], p.far)
    c.grained([(84, 88), (94, 86), (92, 99), (86, 99)], p.warm, p.ink, (1, 0), 0.5)
    return c


def umbrellas() -> Canvas:
    """Five Umbrellas."""
    p, c = RAIN, Canvas(100, 120, RAIN.mid, 206)
    for row in range(16):
        for k in range(9):
            x = k * 13 - (row % 2) * 6
            c.oval(x + 3, row * 8 + 3, 6, 3.6, p.near if (row * k) % 3 else p.far)
    spots = (
        (24, 26, 22, p.warm),
        (76, 48, 17, p.spark),
        (30, 84, 15, p.light),
        (78, 100, 20, p.ink),
        (66, 10, 10, p.sky),
    )
    for x, y, size, colour in spots:
        c.oval(x + 4, y + 5, size, size, p.ink)
        rim = [
            (x + size * math.cos(k * math.pi / 4), y + size * math.sin(k * math.pi / 4))
            for k in range(8)
        ]
        c.grained(rim, colour, p.near, (1, 1), 0.5)
        for end in rim:
            c.line([(x, y), end], p.near, 0.5)
        c.disc(x, y, 1.4, p.light)
    for _ in range(120):
        left, top = c.random.uniform(0, 100), c.random.uniform(0, 120)
        c.line([(left, top), (left - 1.2, top + 4)], p.glow, 0.22)
    return c


def bicycle() -> Canvas:
    """Bicycle, Thursday."""
    p, c = AUTUMN, Canvas(120, 100, AUTUMN.mid, 207)
    for row in range(11):
        for k in range(8):
            x, y = k * 17 - (row % 2) * 8, row * 7.6
            tone = (p.mid, p.far, "#c77a3d")[(row * 5 + k * 3) % 3]
            c.grained(
                [(x, y), (x + 16, y), (x + 16, y + 6.6), (x, y + 6.6)], tone, p.near, (1, 1), 0.5
            )
    c.band(82, 100, p.near, p.ink)
    for x in (32, 86):
        c.ring(x, 66, 19, p.ink, 1.8)
        c.ring(x, 66, 16.8, p.light, 0.5)
        for k in range(12):
            a = k * math.pi / 6
            c.line([(x, 66), (x + 17 * math.cos(a), 66 + 17 * math.sin(a))], p.light, 0.25)
        c.disc(x, 66, 2, p.ink)
    for path in (
        [(32, 66), (46, 40), (76, 40), (58, 66), (32, 66)],
        [(58, 66), (42, 34)],
        [(86, 66), (74, 34), (74, 28), (82, 26)],
    ):
        c.line(path, p.light, 2)
    c.oval(42, 33, 7, 2, p.ink)
    c.grained([(80, 28), (104, 28), (101, 45), (83, 45)], p.spark, p.near, (0, 1), 0.7)
    for x, y, petal in ((84, 22, p.warm), (92, 17, p.light), (99, 23, p.warm), (90, 26, p.light)):
        m.flower(c, x, y, 4.4, petal, p.spark)
    c.grained([(6, 0), (30, 0), (30, 24), (6, 24)], p.sky, p.light, (0, 1), 0.6)
    c.line([(18, 0), (18, 24)], p.ink, 1)
    c.line([(6, 12), (30, 12)], p.ink, 1)
    return c


def comet() -> Canvas:
    """Comet over Chandler Street."""
    p, c = NIGHT, Canvas(120, 100, NIGHT.ink, 208)
    c.band(0, 100, p.ink, p.far, 0.9)
    m.stars(c, 120, 84, p.light)
    for k, colour in enumerate((p.glow, p.warm, p.spark, p.light)):
        w = 11 - k * 2.8
        c.grained(
            [(26 - w * 0.3, 68 + w * 0.3), (120, 6 - w), (120, 10 + w), (26 + w * 0.3, 68 + w)],
            colour,
            p.ink,
            (1, -0.5),
            0.8,
        )
    m.sun(c, 26, 69, 9, p.light, p.spark)
    for x, high in ((0, 8), (18, 13), (52, 10), (70, 20), (88, 14), (104, 24)):
        m.house(c, (x, 101), (15, high), (p.near, p.ink), (3, 2, p.spark))
    return c


def chimneys() -> Canvas:
    """Warm Tiles."""
    p, c = DAWN, Canvas(100, 100, DAWN.glow, 209)
    c.band(0, 100, p.glow, p.sky, 1)
    c.grained([(0, 44), (100, 70), (100, 100), (0, 100)], p.warm, p.near, (1, 1), 0.8)
    for row in range(7):
        for k in range(13):
            x = k * 8.4 - (row % 2) * 4
            y = 52 + row * 8 + x * 0.26
            c.arc(x, y, 4.2, (10, 190), p.near, 0.6)
    for x, high in ((14, 30), (58, 22), (82, 34)):
        y = 50 + x * 0.26
        c.grained(
            [(x, y + 6), (x, y - high), (x + 12, y - high), (x + 12, y + 9)],
            p.mid,
            p.ink,
            (1, 0),
            0.8,
        )
        c.rect(x - 1.5, y - high - 3, 15, 4, p.ink)
    cat = p.ink
    c.curve([(36, 61), (35, 44), (40, 34), (48, 36), (53, 50), (54, 66)], cat)
    c.disc(42, 32, 7, cat)
    c.poly([(36, 29), (36, 20), (41, 26)], cat)
    c.poly([(43, 26), (48, 20), (48.5, 29)], cat)
    c.line([(52, 63), (62, 62), (66, 52), (61, 47)], cat, 2.4)
    for x in (39.5, 44.5):
        c.disc(x, 31.5, 1.3, p.spark)
        c.oval(x, 31.5, 0.35, 1.1, p.ink)
    c.poly(oval_points(42, 34.6, 0.9, 0.6), p.glow)
    m.sun(c, 82, 12, 7, p.light, p.sky)
    return c
