"""From a file's bytes to the one normalised picture: upright, sRGB, 8 bits, on white, bounded.

Runs only in the decoder's child. Whatever a hostile file makes Pillow raise is let through; the
child answers it with one refusal.
"""

from __future__ import annotations

from io import BytesIO
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageCms, ImageOps

from provenance.intake.rules import (
    Limits,
    PictureRefusedError,
    check_pixels,
    check_single,
    format_of,
)

Image.MAX_IMAGE_PIXELS = None  # our own limit is checked from the header instead
MAX_SIDE = 2048
MARKED_SIDE = 512
"""Pixels on either side that fingerprints and features are made from."""
SRGB = ImageCms.createProfile("sRGB")
ICC_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab": "LAB"}
MAX_ICC_BYTES = 8_000_000
DEEP_MODES = {"I;16", "I;16B", "I;16L", "I;16N", "I", "F"}
UINT16 = 1 << 16


class Normalised(NamedTuple):
    """The picture that is hashed, shown and trained on, and what it was before reduction."""

    format: str
    width: int
    height: int
    picture: Image.Image


def normalise(data: bytes, limits: Limits) -> Normalised:
    """Decode `data` in full. Raises PictureRefusedError, or whatever Pillow raises on damage.

    1. tell the format, 2. check size and frames from the header, 3. decode every pixel,
    4. bring to 8 bits in a plain mode, 5. reduce, 6. turn upright, 7. to sRGB on white.
    """
    kind = format_of(data)  # 1
    image = Image.open(BytesIO(data), formats=[kind.upper()])
    check_pixels(image.width, image.height, limits)  # 2
    # A JPEG may carry further pictures (a preview, a gain map): its first one is the picture.
    check_single(kind, 1 if kind == "jpeg" else getattr(image, "n_frames", 1))
    width, height = image.size
    if limits.marks_only:
        image.draft(None, (MARKED_SIDE, MARKED_SIDE))  # other formats than JPEG do not know how
    image.load()  # 3
    orientation = _orientation(image)
    plain = _reduced(_plain(image))  # 4, 5
    upright = ImageOps.exif_transpose(_tagged(plain, orientation))  # 6
    if orientation >= 5:  # noqa: PLR2004  # quarter turns
        width, height = height, width
    return Normalised(kind, width, height, _on_white(_to_srgb(upright, image)))  # 7


def _orientation(image: Image.Image) -> int:
    """EXIF orientation 1..8; a picture whose EXIF cannot be read is taken as upright."""
    try:
        value = image.getexif().get(0x0112, 1)
    except Exception:  # noqa: BLE001  # hostile EXIF raises almost anything
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1  # noqa: PLR2004  # EXIF


def _tagged(plain: Image.Image, orientation: int) -> Image.Image:
    """A picture without any metadata but its orientation."""
    bare = Image.Image()._new(plain.im)  # noqa: SLF001  # drops the file's class and its EXIF
    bare.getexif()[0x0112] = orientation
    return bare


def _plain(image: Image.Image) -> Image.Image:
    """8 bits in L, RGB, RGBA, CMYK or LAB, with nothing clipped."""
    if image.mode in DEEP_MODES:
        return _eight_bits(image)
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in {"L", "RGB", "CMYK", "LAB"}:
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """Deep grey scaled by its whole nominal range: Pillow's own conversion clips it to white."""
    values = np.asarray(image)
    transparent = image.info.get("transparency")
    if values.dtype.kind == "u" or values.dtype == np.dtype(">u2"):
        bits = _bits(image)
        grey = (values >> (bits - 8)).astype(np.uint8) if bits > 8 else values.astype(np.uint8)  # noqa: PLR2004
    else:
        grey = _from_range(values)
    if isinstance(transparent, int):
        grey = np.where(values == transparent, np.uint8(255), grey)
    return Image.fromarray(grey)


def _bits(image: Image.Image) -> int:
    """Significant bits of a grey picture held in 16: a 12-bit TIFF is not scaled by Pillow."""
    tags = getattr(image, "tag_v2", {})
    declared = tags.get(258, (16,))[0]
    return declared if declared in range(8, 17) else 16


def _from_range(values: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> np.ndarray:
    """Integers or floats of unknown range, scaled by the least usual white that holds them."""
    low, high = float(values.min()), float(values.max())
    white = next((top for top in (1.0, 255.0, UINT16 - 1.0, 2.0**32) if high <= top), None)
    if white is None or not low >= 0:  # also refuses NaN
        raise PictureRefusedError(
            "unsupported",
            "This picture's pixel values are not a range from black to white. "
            "Save it with 8 or 16 bits a channel and upload that.",
        )
    return (values * np.float32(255.0 / white)).round().astype(np.uint8)


def _reduced(image: Image.Image) -> Image.Image:
    """At most 2,048 pixels on the longer side; never enlarged."""
    scale = MAX_SIDE / max(image.size)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)


def _to_srgb(plain: Image.Image, source: Image.Image) -> Image.Image:
    """RGB or RGBA by the embedded profile; without a usable one the colours count as sRGB."""
    alpha = plain.getchannel("A") if plain.mode == "RGBA" else None
    colours = plain.convert("RGB") if alpha else plain
    converted = _by_profile(colours, source.info.get("icc_profile"))
    if converted is None:
        converted = _lab_to_rgb(colours) if colours.mode == "LAB" else colours.convert("RGB")
    if alpha:
        converted.putalpha(alpha)
    return converted


def _by_profile(image: Image.Image, icc: object) -> Image.Image | None:
    if not isinstance(icc, bytes) or not 0 < len(icc) <= MAX_ICC_BYTES:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(icc))
        mode = ICC_MODES.get(profile.profile.xcolor_space.strip())
        if mode == "L" and image.mode == "RGB":
            image = image.convert("L")  # grey with alpha travels as RGBA
        if mode != image.mode:
            return None
        return ImageCms.profileToProfile(image, profile, SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _lab_to_rgb(image: Image.Image) -> Image.Image:
    lab = ImageCms.createProfile("LAB")
    converted = ImageCms.profileToProfile(image, lab, SRGB, outputMode="RGB")
    return converted or image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    sheet = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(sheet, image).convert("RGB")
