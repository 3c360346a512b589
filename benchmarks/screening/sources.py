"""Pictures to measure with: those of Debian's picture packages, by families of one origin.

A family is a folder of a package and the first word of a file's name: stock drawings recur within
one. Works, calibration negatives and reported negatives never share a family.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGES: Final = (
    "openclipart-png", "tuxpaint-stamps-default", "gnome-backgrounds", "mate-backgrounds",
    "plasma-workspace-wallpapers", "gcompris-qt-data",
)  # fmt: skip
KINDS: Final = {".png", ".jpg", ".jpeg", ".webp"}
LONGEST: Final = 1024
SMALLEST: Final = 96
DETAIL: Final = 12.0
"""Standard deviation of grey below which a picture is left out: an icon of one stroke is no work."""


@dataclass(frozen=True)
class Source:
    """One picture on disk and the family that it is of."""

    path: Path
    family: str


def sources(folder: Path) -> list[Source]:
    """All pictures below a folder into which the packages were unpacked; equal files once."""
    found, seen = [], set()
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in KINDS or not path.is_file():
            continue
        digest = hashlib.sha256(path.read_bytes()).digest()
        if digest not in seen:
            seen.add(digest)
            word = re.split(r"[-_.\d ]", path.stem.lower())[0]
            found.append(Source(path, f"{path.parent.relative_to(folder)}/{word}"))
    return found


def split(found: list[Source], seed: int = 1) -> Iterator[list[Source]]:
    """Three parts with no family in common: works, negatives to calibrate, negatives to report."""
    families: dict[str, list[Source]] = defaultdict(list)
    for one in found:
        families[one.family].append(one)
    names = sorted(families)
    np.random.default_rng(seed).shuffle(names)
    third = len(names) // 3
    for part in (names[:third], names[third : 2 * third], names[2 * third :]):
        yield [one for name in part for one in families[name]]


def opened(source: Source) -> Image.Image | None:
    """The picture on white, at most 1,024 px; None for what is too small or flat to be a work."""
    try:
        with Image.open(source.path) as file:
            file.draft("RGB", (LONGEST, LONGEST))
            picture = file.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    picture.thumbnail((LONGEST, LONGEST))
    white = Image.new("RGBA", picture.size, "white")
    plain = Image.alpha_composite(white, picture).convert("RGB")
    if min(plain.size) < SMALLEST or np.asarray(plain.convert("L")).std() < DETAIL:
        return None
    return plain
