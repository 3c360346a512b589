"""What may come in: the limits, the formats told apart by their bytes, and the refusals.

Used by the decoder's child and by its parent; knows no Django and no picture library.
"""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1_000_000


class PictureRefusedError(ValueError):
    """A picture cannot be taken in. `code` is for programs, `sentence` for people.

    Codes: too_large, too_many_pixels, not_a_picture, animated, multi_page, unsupported, damaged,
    too_slow.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True)
class Limits:
    """How much one picture may ask of us."""

    max_bytes: int = 32 * MEGABYTE
    max_pixels: int = 80 * MEGABYTE
    seconds: float = 30.0
    """Of wall-clock time for one picture, and of processor time likewise."""
    marks_only: bool = False
    """Make nothing but fingerprints and features, of a JPEG decoded no larger than they need."""


def not_a_picture() -> PictureRefusedError:
    """A file of no accepted format."""
    return PictureRefusedError(
        "not_a_picture",
        "This file is not a picture of a kind that is accepted here. "
        "Save it as JPEG, PNG, WebP, TIFF, AVIF or a single-frame GIF and upload that.",
    )


def damaged() -> PictureRefusedError:
    """A picture that cannot be decoded to its end."""
    return PictureRefusedError(
        "damaged",
        "This picture is incomplete, damaged or too large to decode. "
        "Fetch it again or save it anew from its source, and upload that.",
    )


def too_slow() -> PictureRefusedError:
    """A picture that used up its time."""
    return PictureRefusedError(
        "too_slow",
        "This picture took too long to decode. "
        "Save it anew, as a plain JPEG or PNG, and upload that.",
    )


def check_bytes(data: bytes, limits: Limits) -> None:
    """Refuse a file that is too large to be looked at."""
    if len(data) > limits.max_bytes:
        raise PictureRefusedError(
            "too_large",
            f"This file has {len(data) / MEGABYTE:.1f} MB; at most "
            f"{limits.max_bytes / MEGABYTE:.4g} MB are accepted. "
            "Upload a smaller version of the picture.",
        )


def check_pixels(width: int, height: int, limits: Limits) -> None:
    """Refuse a picture by what its header claims, before a pixel is decoded."""
    if width * height > limits.max_pixels:
        raise PictureRefusedError(
            "too_many_pixels",
            f"This picture has {width:,} x {height:,} pixels; at most "
            f"{limits.max_pixels / MEGABYTE:.4g} megapixels are accepted. "
            "Upload a smaller version of it.",
        )


def check_single(kind: str, frames: int) -> None:
    """Refuse a file that holds several pictures: nobody could say which one was approved."""
    if frames <= 1:
        return
    code, noun = ("multi_page", "pages") if kind == "tiff" else ("animated", "frames")
    raise PictureRefusedError(
        code,
        f"This file contains {frames} {noun}; split it into single pictures and upload those.",
    )


def format_of(data: bytes) -> str:
    """The format by its first bytes: jpeg, png, webp, tiff, avif or gif.

    Raises PictureRefusedError (not_a_picture) for anything else.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[:4] in {b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"}:
        return "tiff"
    if data[4:8] == b"ftyp" and {b"avif", b"avis"} & set(_brands(data)):
        return "avif"
    if data[:6] in {b"GIF87a", b"GIF89a"}:
        return "gif"
    raise not_a_picture()


def _brands(data: bytes) -> list[bytes]:
    """The major and compatible brands of an ISO base media file."""
    box = data[8 : min(int.from_bytes(data[:4], "big"), 256)]
    return [box[at : at + 4] for at in range(0, len(box), 4) if at != 4]  # noqa: PLR2004  # version
