"""Pictures to measure with: those of Debian's picture packages, grouped by where they come from.

Stock drawings recur within one folder of a package and in what one author drew. Works, negatives to
calibrate with and negatives to report on share neither; what the matcher says plays no part in it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

PACKAGES: Final = (
    "openclipart-png", "tuxpaint-stamps-default", "gnome-backgrounds", "mate-backgrounds",
    "plasma-workspace-wallpapers", "gcompris-qt-data",
)  # fmt: skip
KINDS: Final = {".png", ".jpg", ".jpeg", ".webp"}
LONGEST: Final = 1024
SMALLEST: Final = 96
MOST_PIXELS: Final = 20_000_000
"""Of a file: wallpapers are there in smaller sizes too."""
DETAIL: Final = 12.0
"""Standard deviation of grey; a picture with less is left out: an icon of one stroke is no work."""
NO_WORKS: Final = re.compile(r"openclipart/png/(shapes|unsorted|special)/")
"""Some thousand generated stars and arrows; copies and compositions of what other folders hold."""
TEMPLATES: Final = re.compile(r"games/cards/|alphabets/|flags/|computer/icons/|map_symbols/")
"""Drawn once and varied by a sign: good strangers, but no works that anybody protects."""
DEPTH: Final = 5
"""Folders below one of this depth are one origin: drawings of a subject borrow from each other."""
AUTHOR: Final = re.compile(r"([a-z]{4,})[^a-z]*$")
"""A drawing's file is called what it shows, then who drew it, cut off: bus_jarno_vasamaa_01."""


@dataclass(frozen=True)
class Source:
    """One picture on disk, its folder, and the last word of its name."""

    path: Path
    folder: str
    author: str


def sources(folder: Path) -> list[Source]:
    """All pictures below a folder into which the packages were unpacked; equal files once."""
    found, seen = [], set()
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in KINDS or not path.is_file():
            continue
        digest = hashlib.sha256(path.read_bytes()).digest()
        if digest not in seen:
            seen.add(digest)
            if NO_WORKS.search(str(path)):
                continue
            last = AUTHOR.search(path.stem.lower())
            here = path.parent.relative_to(folder).parts[:DEPTH]
            found.append(Source(path, "/".join(here), last[1][:6] if last else path.stem))
    return found


def split(found: list[Source], seed: int = 1) -> tuple[list[Source], list[Source], list[Source]]:
    """Works, negatives to calibrate with, negatives to report on: nothing of one origin in two."""
    folders = sorted({one.folder for one in found})
    chance = np.random.default_rng(seed)
    chance.shuffle(folders)
    part = {name: place % 3 for place, name in enumerate(folders)}
    mixed = [found[place] for place in chance.permutation(len(found))]
    works, first, second = ([one for one in mixed if part[one.folder] == n] for n in range(3))
    works = [one for one in works if not TEMPLATES.search(str(one.path))]
    known = {one.author for one in works}
    first = [one for one in first if one.author not in known]
    known |= {one.author for one in first}
    return works, first, [one for one in second if one.author not in known]


def opened(source: Source) -> Image.Image | None:
    """The picture on white, at most 1,024 px; None for what is too small, large or flat."""
    try:
        with Image.open(source.path) as file:
            if file.width * file.height > MOST_PIXELS:
                return None
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
