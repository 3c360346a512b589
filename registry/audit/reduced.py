"""Known pictures at a model's own size, kept so that a large bank is decoded once, not per audit.

A cache and nothing else: it may be deleted at any time. Files are called by the sha256 of the
picture that they were made from, so none can be out of date.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
from django.conf import settings
from PIL import Image as Pillow

from registry.audit import rules


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
        _keep(kept, made.pixels.tobytes())
        return made


def _keep(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, new = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
    Path(new).replace(path)  # whole or not at all: two audits may make it at once
