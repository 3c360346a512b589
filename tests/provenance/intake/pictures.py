"""Small picture files for the tests, made on the spot."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image


def scene(width: int = 96, height: int = 64) -> Image.Image:
    """A picture with detail whose four quarters and eight turned versions all differ."""
    rng = np.random.default_rng(7)
    small = Image.fromarray(rng.integers(0, 255, (8, 12, 3), dtype=np.uint8))
    return small.resize((width, height), Image.Resampling.BICUBIC)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png))


def chunk(name: bytes, body: bytes) -> bytes:
    """One chunk of a PNG file."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of_16_bits(colour: np.ndarray[Any, Any]) -> bytes:
    """Of (height, width, 3) values; Pillow cannot write such a file."""
    height, width, _ = colour.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in colour)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">II5B", width, height, 16, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def tiff_of_16_bits(colour: np.ndarray[Any, Any]) -> bytes:
    """Of (height, width, 3) values, uncompressed in one strip; Pillow cannot write it either."""
    height, width, _ = colour.shape
    pixels = colour.astype("<u2").tobytes()
    at = 8 + len(pixels)  # of the three bit depths, then the directory
    short, long = 3, 4
    tags = [
        (256, short, 1, width), (257, short, 1, height), (258, short, 3, at),
        (259, short, 1, 1), (262, short, 1, 2), (273, long, 1, 8), (277, short, 1, 3),
        (278, short, 1, height), (279, long, 1, len(pixels)),
    ]  # fmt: skip
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    head = struct.pack("<2sHI", b"II", 42, at + 6)
    depths = struct.pack("<3H", 16, 16, 16)
    return head + pixels + depths + struct.pack("<H", len(tags)) + entries + struct.pack("<I", 0)
