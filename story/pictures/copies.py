"""What the stranger collected: one file a picture, each changed by an edit fixed by its index."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from story.pictures.portfolio import Illustration

Edit = Callable[[Image.Image], Image.Image]


@dataclass(frozen=True)
class Copy:
    """One collected file; `expected_found` is False where whole-picture hashes must lose it."""

    filename: str
    data: bytes
    edit: str
    title: str
    expected_found: bool


@dataclass(frozen=True)
class _Plan:
    filename: str
    edit: str
    change: Edit
    quality: int
    expected_found: bool = True


def _same(image: Image.Image) -> Image.Image:
    return image


def _to_width(width: int) -> Edit:
    return lambda image: image.resize(
        (width, round(image.height * width / image.width)), Image.Resampling.LANCZOS
    )


def _crop(percent: float) -> Edit:
    """Cut `percent` of the width and of the height, a little more at the left and the top."""

    def change(image: Image.Image) -> Image.Image:
        wide, high = image.width * percent / 100, image.height * percent / 100
        box = (round(wide * 0.6), round(high * 0.6), round(wide * 0.4), round(high * 0.4))
        return ImageOps.crop(image, box)

    return change


def _tilt(image: Image.Image) -> Image.Image:
    return image.rotate(7, Image.Resampling.BICUBIC, expand=True, fillcolor="white")


def _mirrored(width: int) -> Edit:
    return lambda image: ImageOps.mirror(_to_width(width)(image))


_PLANS = (
    _Plan("IMG_2291.jpg", "JPEG at quality 85", _same, 85),
    _Plan("pin_88ab.webp", "WebP at quality 70", _same, 70),
    _Plan("download (3).jpg", "500 px wide, JPEG", _to_width(500), 80),
    _Plan("a41f0c77.jpg", "mirrored", ImageOps.mirror, 82),
    _Plan("wallpaper-night.jpg", "cropped by 3 %", _crop(3), 80),
    _Plan("IMG_2292.jpg", "JPEG at quality 40", _same, 40),
    _Plan("pin_9c02.webp", "400 px wide, WebP", _to_width(400), 75),
    _Plan("tram_final.png", "saved as PNG, no change", _same, 0),
    _Plan("IMG_2304.jpg", "cropped by 5 %", _crop(5), 80),
    _Plan("bear-crop.jpg", "cropped by 12 %", _crop(12), 85, expected_found=False),
    _Plan("tumblr_o1a.jpg", "300 px wide, JPEG at quality 60", _to_width(300), 60),
    _Plan("aesthetic_07.jpg", "JPEG at quality 55", _same, 55),
    _Plan("pin_a1d7.webp", "mirrored, 500 px wide, WebP", _mirrored(500), 80),
    _Plan("IMG_2310.jpg", "cropped by 3 %", _crop(3), 70),
    _Plan("unnamed.png", "450 px wide, PNG", _to_width(450), 0),
    _Plan("rain_hd.jpg", "rotated by 7 degrees", _tilt, 88, expected_found=False),
    _Plan("IMG_2311.jpg", "JPEG at quality 70", _same, 70),
    _Plan("pin_c0de.webp", "WebP at quality 45", _same, 45),
    _Plan("cat 2.jpg", "mirrored", ImageOps.mirror, 75),
    _Plan("image0.jpg", "cropped by 5 %", _crop(5), 85),
    _Plan("fishies.jpg", "400 px wide, JPEG at quality 50", _to_width(400), 50),
    _Plan("IMG_2317.jpg", "cropped by 20 %", _crop(20), 85, expected_found=False),
    _Plan("saved_0021.jpg", "JPEG at quality 65", _same, 65),
    _Plan("pin_f33d.webp", "350 px wide, WebP", _to_width(350), 70),
    _Plan("ref_swan.jpg", "cropped by 3 %", _crop(3), 85),
    _Plan("IMG_2320.jpg", "480 px wide, JPEG", _to_width(480), 75),
    _Plan("xmas.jpg", "cropped by 10 %", _crop(10), 80, expected_found=False),
    _Plan("map thing.webp", "WebP at quality 60", _same, 60),
    _Plan("deer_mirror.jpg", "mirrored, 300 px wide", _mirrored(300), 70),
    _Plan("IMG_2333.jpg", "JPEG at quality 45", _same, 45),
    _Plan("greenhouse.jpg", "cropped by 15 %", _crop(15), 80, expected_found=False),
    _Plan("Screenshot_0412.png", "420 px wide, PNG", _to_width(420), 0),
)


def _encoded(image: Image.Image, plan: _Plan) -> bytes:
    out = BytesIO()
    kind = {"jpg": "JPEG", "webp": "WEBP", "png": "PNG"}[plan.filename.rpartition(".")[2]]
    if kind == "PNG":
        image.save(out, kind)
    else:
        image.save(out, kind, quality=plan.quality)
    return out.getvalue()


def stranger_copies(portfolio: Sequence[Illustration]) -> list[Copy]:
    """Exactly one file a picture, in the portfolio's order; ValueError for another length."""
    if len(portfolio) != len(_PLANS):
        raise ValueError(
            f"{len(_PLANS)} edits are planned for {len(portfolio)} pictures: hand in the portfolio."
        )
    return [
        Copy(plan.filename, _encoded(plan.change(item.image), plan), plan.edit, item.title,
             plan.expected_found)
        for item, plan in zip(portfolio, _PLANS, strict=True)
    ]  # fmt: skip
