"""Eight pictures of open country: balloons, birches, mill, mountains, orchard, river, kite."""

import math

from story.pictures import motifs as m
from story.pictures.canvas import Canvas, oval_points, smooth
from story.pictures.palette import AUTUMN, DAWN, DUSK, MEADOW, NOON, RAIN, WINTER


def balloons() -> Canvas:
    """Seven Balloons over Barley."""
    p, c = DAWN, Canvas(100, 120, DAWN.sky, 301)
    c.band(0, 96, p.light, p.glow)
    for x, y, size, colours in (
        (30, 30, 19, (p.warm, p.light)),
        (76, 20, 11, (p.near, p.spark)),
        (70, 62, 14, (p.spark, p.warm)),
        (14, 72, 8, (p.mid, p.light)),
        (46, 76, 6, (p.warm, p.spark)),
        (92, 46, 5, (p.far, p.light)),
        (90, 84, 4, (p.near, p.light)),
    ):
        m.balloon(c, x, y, size, colours, p.ink)
    c.grained(m.ridge(c, 102, 3, 1.5, 1), p.spark, p.warm, amount=0.8)
    c.grained(m.ridge(c, 111, 3, 1, 4), p.mid, p.ink, amount=0.8)
    m.grass(c, 108, p.spark, 70)
    return c


def birches() -> Canvas:
    """Birch Wood, Walking Home."""
    p, c = AUTUMN, Canvas(100, 120, AUTUMN.spark, 302)
    c.band(0, 120, p.far, p.near, 0.8)
    for _ in range(260):
        c.disc(
            c.random.uniform(0, 100),
            c.random.uniform(0, 64),
            c.random.uniform(0.8, 2.4),
            c.random.choice((p.spark, p.warm, p.sky, p.mid)),
        )
    c.poly([(40, 120), (54, 84), (62, 84), (80, 120)], p.sky)
    for x, wide in ((6, 8), (24, 4), (35, 9), (71, 5), (84, 11), (56, 3)):
        trunk = [
            (x - wide / 2, 116),
            (x - wide * 0.36, -2),
            (x + wide * 0.4, -2),
            (x + wide / 2, 118),
        ]
        c.grained(trunk, p.light, p.near, (1, 0), 0.6)
        for _ in range(int(wide * 3)):
            y, side = c.random.uniform(2, 112), c.random.choice((-1, 1))
            c.line([(x + side * wide * 0.44, y), (x + side * wide * 0.1, y + 0.8)], p.ink, 0.9)
    c.curve([(58, 96), (57, 88), (60, 85), (63, 88), (63, 96)], p.warm)
    c.disc(60.2, 83.5, 2.2, p.ink)
    m.grass(c, 110, p.near, 120, 5)
    return c


def mill() -> Canvas:
    """The Mill Keeps Time."""
    p, c = NOON, Canvas(100, 100, NOON.sky, 303)
    c.band(0, 100, p.sky, p.glow)
    for x, y, s in ((16, 24, 6), (88, 40, 5), (84, 12, 4)):
        m.cloud(c, x, y, s, p.light)
    c.grained(m.ridge(c, 84, 6, 0.8, 5), p.spark, p.mid, amount=0.7)
    for k in range(14):
        c.line([(50, 76), (k * 18 - 70, 102)], p.mid, 0.6)
    c.grained([(38, 84), (44, 42), (58, 42), (64, 84)], p.warm, p.ink, (1, 0), 0.6)
    c.curve([(42, 43), (45, 34), (51, 31), (57, 34), (60, 43)], p.ink)
    for y in (54, 66):
        c.rect(48.5, y, 5, 6, p.light)
    for k in range(4):
        a = math.radians(28 + k * 90)
        dx, dy = math.cos(a), math.sin(a)
        c.line([(51, 40), (51 + 40 * dx, 40 + 40 * dy)], p.ink, 1.2)
        corners = [(8, 1), (39, 1), (39, 10), (8, 8)]
        c.grained(
            [(51 + u * dx - v * dy, 40 + u * dy + v * dx) for u, v in corners],
            p.light,
            p.far,
            (1, 1),
            0.5,
        )
        for u in range(13, 39, 6):
            c.line(
                [
                    (51 + u * dx - dy, 40 + u * dy + dx),
                    (51 + u * dx - 9 * dy, 40 + u * dy + 9 * dx),
                ],
                p.ink,
                0.35,
            )
    c.disc(51, 40, 2.4, p.spark)
    for x in (8, 20, 82, 92):
        m.round_tree(c, x, 94, 12, p.mid, p.near)
    return c


def mountain_hut() -> Canvas:
    """Hut Under Three Peaks."""
    p, c = WINTER, Canvas(120, 100, WINTER.glow, 304)
    c.band(0, 60, p.glow, p.sky)
    for x, top, wide, tone in ((96, 14, 40, p.far), (34, 4, 44, p.mid), (74, 30, 34, p.near)):
        c.grained([(x, top), (x + wide, 86), (x - wide, 86)], tone, p.ink, (1, 0.4), 0.7)
        cap = (86 - top) * 0.3
        half = wide * 0.3
        c.poly(
            [
                (x, top),
                (x + half, top + cap),
                (x + half * 0.4, top + cap * 0.75),
                (x, top + cap * 1.2),
                (x - half * 0.5, top + cap * 0.8),
                (x - half, top + cap),
            ],
            p.light,
        )
    c.curve([(-10, 104), (-8, 80), (26, 66), (60, 78), (96, 84), (128, 72), (130, 104)], p.light)
    m.house(c, (20, 80), (22, 11), (p.warm, p.ink), (3, 1, p.spark))
    c.poly([(17, 69), (31, 54), (45, 69), (42, 69), (31, 58), (20, 69)], p.light)
    c.rect(36, 54, 3.4, 8, p.ink)
    for k in range(4):
        c.disc(38 + k * 2.4, 50 - k * 5, 1.6 + k * 0.7, p.sky)
    for x, foot, high in (
        (6, 92, 26),
        (58, 96, 30),
        (68, 92, 20),
        (106, 96, 36),
        (116, 92, 22),
        (94, 98, 18),
    ):
        m.pine(c, x, foot, high, p.near, p.ink)
    c.line(smooth([(48, 78), (60, 86), (84, 88), (80, 99)])[:24], p.far, 0.7)
    return c


def orchard() -> Canvas:
    """The Apple Ladder."""
    p, c = MEADOW, Canvas(100, 100, MEADOW.sky, 305)
    c.band(0, 80, p.sky, p.far, 0.5)
    c.band(78, 100, p.mid, p.near)
    c.grained(
        [(44, 88), (46, 58), (36, 46), (40, 44), (50, 54), (60, 40), (64, 43), (56, 58), (60, 88)],
        "#7a4a32",
        p.ink,
        (1, 0),
        0.7,
    )
    for x, y, r in ((30, 36, 20), (56, 24, 22), (76, 40, 17), (48, 44, 14)):
        c.grained(oval_points(x, y, r, r * 0.9), p.near, p.ink, (1, 1), 0.6)
    for _ in range(150):
        a, r = c.random.uniform(0, 6.3), c.random.uniform(0, 1) ** 0.5
        c.oval(
            53 + 38 * r * math.cos(a),
            34 + 24 * r * math.sin(a),
            1.6,
            0.7,
            p.mid,
            c.random.uniform(0, 180),
        )
    for x, y in (
        (22, 32),
        (36, 22),
        (34, 44),
        (52, 12),
        (60, 30),
        (74, 28),
        (84, 44),
        (66, 48),
        (46, 34),
    ):
        c.disc(x, y, 3, p.warm)
        c.disc(x - 0.9, y - 0.9, 0.8, p.light)
    for side in (0, 8):
        c.line([(6 + side, 94), (24 + side, 30)], p.spark, 1.3)
    for k in range(8):
        c.line([(8 + k * 2.2, 87 - k * 7.6), (16 + k * 2.2, 87 - k * 7.6)], p.spark, 1)
    c.grained([(70, 84), (92, 84), (88, 97), (74, 97)], p.spark, "#7a4a32", (1, 0.5), 0.7)
    for x in (74, 79, 84, 89):
        c.disc(x, 83, 3, p.warm)
    m.grass(c, 84, p.ink, 60)
    return c


def river_bend() -> Canvas:
    """The River Takes Its Time."""
    p, c = MEADOW, Canvas(120, 100, MEADOW.far, 306)
    tones = (p.far, p.mid, p.spark, "#e6d487", p.near, "#9cbd6c")
    for row in range(5):
        for k in range(6):
            x, y = k * 22 - 6 + row * 3, row * 21 - 3
            tone = tones[(row * 7 + k * 5 + row * k) % 6]
            c.grained(
                [(x, y), (x + 21, y - 2), (x + 24, y + 19), (x + 2, y + 20)],
                tone,
                p.near,
                (1, 1),
                0.4,
            )
            for line in range(2, 20, 3):
                if (row + k) % 2:
                    c.line([(x + 1, y + line), (x + 21, y + line - 2)], p.mid, 0.3)
    bank = [(24, -6), (44, 16), (84, 22), (98, 42), (70, 56), (30, 60), (22, 80), (50, 106)]
    path = smooth([*bank, (10, 150), (-60, 120), (-60, -60)])[: 8 * 7 + 1]
    c.line(path, p.light, 15)
    c.line(path, "#3f9aa8", 12.4)
    c.line(path, "#6fc0c4", 2)
    for k, (x, y) in enumerate(
        ((12, 40), (56, 38), (104, 12), (88, 84), (110, 66), (60, 86), (8, 12))
    ):
        for dx, dy in ((0, 0), (5, 2), (2, 6)):
            c.disc(x + dx + 1, y + dy + 1, 3.6, p.ink)
            c.grained(oval_points(x + dx, y + dy, 3.4, 3.4), p.near, p.ink, (1, 1), 0.8)
        if k % 2:
            c.rect(x + 9, y, 7, 5, p.warm)
            c.rect(x + 9, y + 2.5, 7, 2.5, "#a8331d")
    c.poly([(72, 25), (80, 20), (82, 22), (74, 28)], p.warm)
    c.rect(30, 53, 4, 14, "#7a4a32")
    return c


def kite() -> Canvas:
    """Kite Before Rain."""
    p, c = RAIN, Canvas(120, 100, RAIN.sky, 307)
    c.band(0, 90, p.far, p.glow, 1.1)
    for x, y, s in ((22, 62, 9), (100, 60, 7), (52, 12, 5)):
        m.cloud(c, x, y, s, p.light)
    c.line(smooth([(32, 84), (56, 72), (72, 56), (80, 40)])[:25], p.ink, 0.35)
    c.grained([(74, 6), (98, 22), (82, 42), (64, 26)], p.warm, p.ink, (1, 1), 0.4)
    c.poly([(74, 6), (98, 22), (79, 25)], p.spark)
    c.poly([(64, 26), (79, 25), (82, 42)], p.light)
    c.line([(74, 6), (82, 42)], p.ink, 0.6)
    c.line([(64, 26), (98, 22)], p.ink, 0.6)
    for k in range(6):
        u, v = 84 + k * 4.6, 46 + k * 2 + 4 * math.sin(k * 1.6)
        c.poly([(u - 2, v - 1.6), (u, v), (u - 2, v + 1.6)], p.warm)
        c.poly([(u + 2, v - 1.6), (u, v), (u + 2, v + 1.6)], p.spark)
    c.grained(
        smooth([(-12, 108), (-8, 90), (26, 82), (56, 92), (96, 98), (130, 90), (134, 108)]),
        p.mid,
        p.ink,
        (0, 1),
        0.8,
    )
    c.curve([(25, 88), (26, 76), (30, 73), (34, 77), (34, 88)], p.spark)
    c.disc(30, 70.5, 3.2, "#e9b796")
    c.arc(30, 69.6, 3.2, (180, 360), p.ink, 1.4)
    c.line([(31, 78), (35, 82)], p.spark, 1.6)
    c.line([(28, 88), (28, 93)], p.ink, 1.2)
    c.line([(32, 88), (32, 93)], p.ink, 1.2)
    m.grass(c, 92, p.far, 80)
    return c


def glasshouse() -> Canvas:
    """The Glasshouse, Lit."""
    p, c = DUSK, Canvas(100, 120, DUSK.mid, 308)
    c.band(0, 120, p.near, p.far, 0.9)
    c.grained(
        [(12, 112), (12, 54), (50, 22), (88, 54), (88, 112)], "#cfe3c8", p.spark, (0, -1), 0.8
    )
    for x, high, tone in ((24, 40, "#2f6b4f"), (50, 58, "#1f4f45"), (76, 46, "#3f8058")):
        c.line([(x, 104), (x, 104 - high)], "#1f4f45", 1)
        for k in range(7):
            y = 102 - k * high / 7
            for side in (-1, 1):
                c.oval(x + side * 5.4, y - 3, 6.4, 2.2, tone, -side * 32)
        c.grained(
            [(x - 7, 100), (x + 7, 100), (x + 5, 111), (x - 5, 111)], p.warm, p.ink, (1, 0), 0.7
        )
    for x, y in ((24, 60), (50, 42), (76, 54)):
        m.flower(c, x, y, 4, p.light, p.spark)
    for x in (12, 31, 50, 69, 88):
        c.line([(x, 112), (x, 54 - (38 - abs(50 - x)) * 0.84)], p.light, 1)
    for path in ([(12, 54), (88, 54)], [(12, 82), (88, 82)], [(12, 54), (50, 22), (88, 54)]):
        c.line(path, p.light, 1.3)
    c.rect(0, 111, 100, 9, p.ink)
    m.stars(c, 26, 26, p.light)
    c.disc(84, 16, 6, p.light)
    c.disc(87, 14, 5.6, p.near)
    return c
