"""Screen edited works and edited strangers, and keep what each method saw of them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import numpy as np

from benchmarks.screening.edits import EDITS
from benchmarks.screening.sources import opened
from provenance.screening.fingerprints import fingerprint
from provenance.screening.local import Features, LocalIndex, extract

if TYPE_CHECKING:
    from PIL import Image

    from benchmarks.screening.sources import Source
    from provenance.screening.local import Found


@dataclass(frozen=True)
class Seen:
    """One query and what came of it; `truth` is the work's key, or None for a stranger."""

    edit: str
    group: str
    truth: int | None
    source: str
    quality: int
    pdq: tuple[int, int]
    """Key and distance of the nearest listed code, of eight versions."""
    phash: tuple[int, int]
    local: list[Found]
    features: int


@dataclass
class Cost:
    """Seconds of processor time, summed over queries."""

    pictures: int = 0
    sift: float = 0.0
    fingerprint: float = 0.0
    search: float = 0.0


@dataclass
class Bank:
    """Listed works with all that the methods compare."""

    names: list[str] = field(default_factory=list)
    pdq: list[str] = field(default_factory=list)
    phash: list[str] = field(default_factory=list)
    features: dict[int, Features] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.local = LocalIndex(lambda keys: {key: self.features[key] for key in keys})

    def fill(self, works: list[Source], most: int) -> list[Image.Image | None]:
        """List up to `most` of these works; the pictures come back for editing."""
        pictures, listed = [], []
        for one in works:
            picture = opened(one)
            if picture is None:
                continue
            codes = fingerprint(picture)
            listed.append((len(self.names), extract(picture).kept()))
            self.names.append(str(one.path))
            self.pdq.append(codes.pdq)
            self.phash.append(codes.phash)
            pictures.append(picture if len(pictures) < 400 else None)
            if len(self.names) >= most:
                break
        self.features.update(listed)
        self.local.add(listed)
        return pictures


def _words(codes: list[str] | tuple[str, ...], number: int) -> np.ndarray:
    return np.frombuffer(bytes.fromhex("".join(codes)), ">u8").astype(np.uint64).reshape(-1, number)


def _nearest(codes: np.ndarray, versions: np.ndarray) -> tuple[int, int]:
    gaps = np.min([np.bitwise_count(codes ^ one).sum(axis=1) for one in versions], axis=0)
    return int(gaps.argmin()), int(gaps.min())


class Meter:
    """Screens pictures against a bank and adds up what it cost."""

    def __init__(self, bank: Bank) -> None:
        self.bank, self.cost = bank, Cost()
        self._pdq, self._phash = _words(bank.pdq, 4), _words(bank.phash, 1)
        self._plain = cv2.SIFT_create()

    def see(self, picture: Image.Image, name: str, truth: int | None, source: str) -> Seen:
        """Fingerprint and search one query."""
        begun = time.process_time()
        self._plain.detectAndCompute(np.asarray(picture.convert("L")), None)
        sift = time.process_time()
        codes, features = fingerprint(picture), extract(picture)
        made = time.process_time()
        found = self.bank.local.search(features)
        pdq = _nearest(self._pdq, _words(codes.pdq_dihedral, 4))
        done = time.process_time()
        cost = self.cost
        cost.pictures += 1
        cost.sift += sift - begun
        cost.fingerprint += made - sift
        cost.search += done - made
        phash = _nearest(self._phash, _words([codes.phash], 1))
        group = EDITS[name][0] if name in EDITS else "none"
        return Seen(name, group, truth, source, codes.quality, pdq, phash, found, len(features))


def edited_works(
    meter: Meter, pictures: list[Image.Image | None], works: int, strangers: list[Image.Image]
) -> list[Seen]:
    """Each edit of `works` works, drawn anew for each edit."""
    usable = [key for key, picture in enumerate(pictures) if picture is not None]
    seen = []
    for number, (name, (_, edit)) in enumerate(EDITS.items()):
        chance = np.random.default_rng(1000 + number)
        for key in chance.choice(usable, min(works, len(usable)), replace=False):
            picture = pictures[key]
            if picture is not None:
                beside = [strangers[i] for i in chance.integers(0, len(strangers), 3)]
                done = edit(picture, chance, beside)
                seen.append(meter.see(done, name, int(key), meter.bank.names[key]))
    return seen


def edited_strangers(meter: Meter, sources: list[Source], most: int, seed: int) -> list[Seen]:
    """Pictures of works that were never listed, each edited in one way, up to `most`."""
    chance = np.random.default_rng(seed)
    names = list(EDITS)
    seen: list[Seen] = []
    for place in chance.permutation(len(sources)):
        picture = opened(sources[place])
        if picture is None:
            continue
        name = names[len(seen) % len(names)]
        beside = [picture] * 3  # nothing that is listed stands beside a stranger
        done = EDITS[name][1](picture, chance, beside)
        seen.append(meter.see(done, name, None, str(sources[place].path)))
        if len(seen) >= most:
            break
    return seen
