"""Known pictures at a model's own size, kept so that a large bank is decoded once, not per audit.

A cache and nothing else: it may be deleted at any time. Files are called by the sha256 of the
picture that they were made from, so none can be out of date.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from django.conf import settings
from PIL import Image as Pillow

from ledger.signing import write_whole
from registry.audit import rules


def side_of(path: Path) -> int:
    """The shorter side of the PNG at `path`, in pixels."""
    with Pillow.open(path, formats=["PNG"]) as picture:
        return min(picture.size)


def picture_of(reference: str, path: Path, side: int) -> rules.Picture:
    """The PNG at `path`, brought to `side` pixels. Raises OSError where it cannot be read."""
    with Pillow.open(path, formats=["PNG"]) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    return rules.Picture(reference, rules.at_side(pixels, side))


def kept_picture(reference: str, path: Path, sha256: str, side: int) -> rules.Picture:
    """The same, from the cache where it is there."""
    shape = (side, side, 3)
    kept = Path(settings.DATA_DIR) / "reduced" / str(side) / sha256[:2] / f"{sha256}.rgb"
    try:
        return rules.Picture(reference, np.fromfile(kept, np.uint8).reshape(shape))
    except (OSError, ValueError):  # not there, or cut short
        made = picture_of(reference, path, side)
        write_whole(kept, made.pixels.tobytes(), durable=False)
        return made
