"""What people do to pictures before they use them again: each edit a function, with its group.

`hard` edits change what is where; `ordinary` ones only how it looks or how it is kept; `apart`
are those that are told apart (negatives, drawings of a picture).
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

if TYPE_CHECKING:
    from collections.abc import Callable

    Edit = Callable[[Image.Image, "np.random.Generator", list[Image.Image]], Image.Image]

EDITS: dict[str, tuple[str, Edit]] = {}
"""name -> (group, edit); an edit gets the picture, chance, and strangers to stand beside."""


def edit(name: str, group: str) -> Callable[[Edit], Edit]:
    def keep(made: Edit) -> Edit:
        EDITS[name] = (group, made)
        return made

    return keep


def _kept_as(picture: Image.Image, kind: str, quality: int) -> Image.Image:
    out = BytesIO()
    picture.save(out, kind, quality=quality)
    return Image.open(out).convert("RGB")


def _jpeg(picture: Image.Image, quality: int) -> Image.Image:
    return _kept_as(picture, "JPEG", quality)


def _array(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture)


def _picture(array: np.ndarray) -> Image.Image:
    return Image.fromarray(np.clip(array, 0, 255).astype(np.uint8))


def _crop(picture: Image.Image, chance: np.random.Generator, area: float) -> Image.Image:
    width, height = picture.size
    part = np.sqrt(area)
    w, h = max(8, int(width * part)), max(8, int(height * part))
    x, y = chance.integers(0, width - w + 1), chance.integers(0, height - h + 1)
    return picture.crop((x, y, x + w, y + h))


def _turned(picture: Image.Image, degrees: float) -> Image.Image:
    return picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="white")


def _hue(picture: Image.Image, by: int) -> Image.Image:
    h, s, v = picture.convert("HSV").split()
    return Image.merge("HSV", (h.point(lambda x: (x + by) % 256), s, v)).convert("RGB")


def _text(picture: Image.Image, words: str, top: float) -> Image.Image:
    out = picture.copy()
    size = max(10, picture.width // 10)
    font = ImageFont.load_default(size)
    place = (picture.width * 0.04, picture.height * top)
    pen = ImageDraw.Draw(out)
    pen.text(
        place, words, fill="white", font=font, stroke_width=max(1, size // 12), stroke_fill="black"
    )
    return out


def _pasted(
    picture: Image.Image, around: Image.Image, area: float, chance: np.random.Generator
) -> Image.Image:
    canvas = around.resize((768, 768))
    scale = np.sqrt(area * 768 * 768 / (picture.width * picture.height))
    small = picture.resize(
        (
            min(760, max(8, int(picture.width * scale))),
            min(760, max(8, int(picture.height * scale))),
        )
    )
    canvas.paste(
        small,
        (int(chance.integers(0, 769 - small.width)), int(chance.integers(0, 769 - small.height))),
    )
    return canvas


def _page(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    page = Image.new("RGB", (900, 1200), (250, 250, 248))
    pen = ImageDraw.Draw(page)
    font = ImageFont.load_default(22)
    pen.rectangle((0, 0, 900, 70), fill=(40, 60, 90))
    for line in range(12):
        pen.text(
            (60, 760 + 32 * line),
            "lorem ipsum dolor sit amet consectetur " * 2,
            fill=(40, 40, 40),
            font=font,
        )
    small = picture.copy()
    small.thumbnail((640, 620))
    page.paste(small, (int(chance.integers(30, 880 - small.width)), 110))
    return page


def _collage(pictures: list[Image.Image]) -> Image.Image:
    whole = Image.new("RGB", (768, 768))
    for place, one in enumerate(pictures[:4]):
        whole.paste(ImageOps.fit(one, (384, 384)), (place % 2 * 384, place // 2 * 384))
    return whole


def _perspective(picture: Image.Image, by: float) -> Image.Image:
    w, h = picture.size
    start = np.float32([[0, 0], [w, 0], [w, h], [0, h]])
    end = np.float32([[w * by, h * by / 2], [w, 0], [w * (1 - by / 2), h], [0, h * (1 - by)]])
    matrix = cv2.getPerspectiveTransform(start, end)
    return _picture(
        cv2.warpPerspective(_array(picture), matrix, (w, h), borderValue=(255, 255, 255))
    )


def _drawn(picture: Image.Image) -> Image.Image:
    grey = cv2.GaussianBlur(cv2.cvtColor(_array(picture), cv2.COLOR_RGB2GRAY), (3, 3), 0)
    return _picture(255 - cv2.Canny(grey, 60, 140)).convert("RGB")


def _pencil(picture: Image.Image) -> Image.Image:
    grey = cv2.cvtColor(_array(picture), cv2.COLOR_RGB2GRAY)
    blurred = cv2.GaussianBlur(255 - grey, (21, 21), 0)
    return _picture(cv2.divide(grey, 255 - blurred, scale=256)).convert("RGB")


def _oil(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.MedianFilter(7)).filter(ImageFilter.ModeFilter(7))


def _noise(picture: Image.Image, chance: np.random.Generator, by: float) -> Image.Image:
    return _picture(_array(picture) + chance.normal(0, by, (picture.height, picture.width, 3)))


def _cloak(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    """A smooth pattern of +-8 over the whole picture, as style cloaks leave it."""
    small = chance.normal(0, 1, (picture.height // 6 + 2, picture.width // 6 + 2, 3)).astype(
        np.float32
    )
    wave = cv2.resize(small, picture.size, interpolation=cv2.INTER_CUBIC)
    return _picture(_array(picture) + 8 * np.clip(wave, -1, 1))


def _stickers(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    out = picture.copy()
    pen = ImageDraw.Draw(out)
    side = min(picture.size)
    for _ in range(6):
        x, y = chance.integers(0, picture.width), chance.integers(0, picture.height)
        r = int(side * chance.uniform(0.05, 0.12))
        pen.ellipse(
            (x - r, y - r, x + r, y + r), fill=tuple(int(c) for c in chance.integers(0, 256, 3))
        )
    return out


def _gamma(picture: Image.Image, by: float) -> Image.Image:
    return picture.point([round(255 * (x / 255) ** by) for x in range(256)] * 3)


for _q in (90, 50, 20):
    edit(f"jpeg {_q}", "ordinary")(lambda p, c, o, q=_q: _jpeg(p, q))
for _s in (0.5, 0.25, 2.0):
    edit(f"resize {_s}", "ordinary")(
        lambda p, c, o, s=_s: p.resize(
            (max(8, int(p.width * s)), max(8, int(p.height * s))), Image.Resampling.BICUBIC
        )
    )
edit("webp 40", "ordinary")(lambda p, c, o: _kept_as(p, "WEBP", 40))
edit("stretch 1.2", "ordinary")(lambda p, c, o: p.resize((int(p.width * 1.2), p.height)))
edit("grey", "ordinary")(lambda p, c, o: p.convert("L").convert("RGB"))
edit("brighter", "ordinary")(lambda p, c, o: ImageEnhance.Brightness(p).enhance(1.35))
edit("darker", "ordinary")(lambda p, c, o: ImageEnhance.Brightness(p).enhance(0.65))
edit("contrast", "ordinary")(lambda p, c, o: ImageEnhance.Contrast(p).enhance(1.5))
edit("pale", "ordinary")(lambda p, c, o: ImageEnhance.Contrast(p).enhance(0.6))
edit("gamma 0.6", "ordinary")(lambda p, c, o: _gamma(p, 0.6))
edit("gamma 1.6", "ordinary")(lambda p, c, o: _gamma(p, 1.6))
edit("saturated", "ordinary")(lambda p, c, o: ImageEnhance.Color(p).enhance(1.8))
edit("sepia", "ordinary")(lambda p, c, o: ImageOps.colorize(p.convert("L"), "#201000", "#fff0d0"))
edit("sharpen", "ordinary")(lambda p, c, o: p.filter(ImageFilter.UnsharpMask(3, 150)))
edit("blur 1", "ordinary")(lambda p, c, o: p.filter(ImageFilter.GaussianBlur(1)))
edit("noise 8", "ordinary")(lambda p, c, o: _noise(p, c, 8))
edit("cloak 8", "ordinary")(lambda p, c, o: _cloak(p, c))
edit("posterise", "ordinary")(lambda p, c, o: ImageOps.posterize(p, 3))
edit("palette 32", "ordinary")(lambda p, c, o: p.quantize(32).convert("RGB"))
for _a in (0.9, 0.7, 0.5, 0.3):
    edit(f"crop to {_a:.0%}", "hard")(lambda p, c, o, a=_a: _crop(p, c, a))
edit("mirror", "hard")(lambda p, c, o: ImageOps.mirror(p))
edit("upside down", "hard")(lambda p, c, o: p.rotate(180))
edit("turned 90", "hard")(lambda p, c, o: p.rotate(90, expand=True))
for _d in (5, 15, 30, 45):
    edit(f"rotated {_d}", "hard")(lambda p, c, o, d=_d: _turned(p, d))
edit("perspective mild", "hard")(lambda p, c, o: _perspective(p, 0.12))
edit("perspective strong", "hard")(lambda p, c, o: _perspective(p, 0.28))
edit("page", "hard")(lambda p, c, o: _page(p, c))
edit("page, jpeg 50", "hard")(lambda p, c, o: _jpeg(_page(p, c), 50))
edit("collage of 4", "hard")(lambda p, c, o: _collage([o[0], p, o[1], o[2]]))
edit("paste 40%", "hard")(lambda p, c, o: _pasted(p, o[0], 0.4, c))
edit("paste 15%", "hard")(lambda p, c, o: _pasted(p, o[0], 0.15, c))
edit("meme text", "hard")(lambda p, c, o: _text(_text(p, "WHEN YOU SEE", 0.03), "THE PICTURE", 0.8))
edit("watermark", "hard")(
    lambda p, c, o: Image.blend(
        p, _text(_text(_text(p, "© somebody", 0.2), "© somebody", 0.5), "© somebody", 0.75), 0.6
    )
)
edit("stickers", "hard")(lambda p, c, o: _stickers(p, c))
edit("frame", "hard")(lambda p, c, o: ImageOps.expand(p, max(8, p.width // 8), (120, 80, 40)))
edit("letterbox", "hard")(lambda p, c, o: ImageOps.expand(p, (0, p.height // 4), "black"))
edit("overlay 30%", "hard")(lambda p, c, o: Image.blend(p, o[0].resize(p.size), 0.3))
edit("mirror, crop 70%", "hard")(lambda p, c, o: _crop(ImageOps.mirror(p), c, 0.7))
edit("rotated 10, crop 70%", "hard")(lambda p, c, o: _crop(_turned(p, 10), c, 0.7))
edit("crop 50%, jpeg 30", "hard")(lambda p, c, o: _jpeg(_crop(p, c, 0.5), 30))
edit("mirror, text, jpeg 40", "hard")(
    lambda p, c, o: _jpeg(_text(ImageOps.mirror(p), "so true", 0.7), 40)
)
edit("paste 40%, rotated 15", "hard")(lambda p, c, o: _pasted(_turned(p, 15), o[1], 0.4, c))
edit("crop 70%, hue", "hard")(lambda p, c, o: _hue(_crop(p, c, 0.7), 90))
edit("hue 60", "apart")(lambda p, c, o: _hue(p, 43))
edit("hue 180", "apart")(lambda p, c, o: _hue(p, 128))
edit("inverted", "apart")(lambda p, c, o: ImageChops.invert(p))
edit("inverted, mirror", "apart")(lambda p, c, o: ImageOps.mirror(ImageChops.invert(p)))
edit("edge drawing", "apart")(lambda p, c, o: _drawn(p))
edit("pencil", "apart")(lambda p, c, o: _pencil(p))
edit("oil", "apart")(lambda p, c, o: _oil(p))
