"""Screen edited works and edited strangers, and keep what each method saw of them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import imagehash
import numpy as np

from benchmarks.screening.edits import EDITS
from benchmarks.screening.sources import opened
from provenance.screening.fingerprints import TRANSFORMS, fingerprint
from provenance.screening.local import Features, LocalIndex, extract
from provenance.screening.rules import Candidate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from benchmarks.screening.sources import Source


@dataclass(frozen=True)
class Seen:
    """One query and what came of it; `truth` is the work's key, or None for a stranger."""

    edit: str
    group: str
    truth: int | None
    source: str
    quality: int
    features: int
    candidates: tuple[Candidate, ...]
    """As the product would judge them: the nearest by code, and those whose features agree."""
    phash: tuple[int, int]
    """Key and distance of the nearest by imagehash's pHash, upright only."""


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

    sources: list[Source] = field(default_factory=list)
    pdq: list[str] = field(default_factory=list)
    qualities: list[int] = field(default_factory=list)
    phash: list[str] = field(default_factory=list)
    features: dict[int, Features] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.local = LocalIndex(lambda keys: {key: self.features[key] for key in keys})

    def fill(self, works: list[Source], most: int) -> None:
        """List up to `most` of these works."""
        for one in works[:most]:
            picture = opened(one)
            if picture is None:
                continue
            codes = fingerprint(picture)
            self.features[len(self.sources)] = extract(picture, twice=False).kept()
            self.sources.append(one)
            self.pdq.append(codes.pdq)
            self.qualities.append(codes.quality)
            self.phash.append(str(imagehash.phash(picture)))
        self.local.add(self.features.items())


def _words(codes: list[str] | tuple[str, ...], number: int) -> np.ndarray:
    return np.frombuffer(bytes.fromhex("".join(codes)), ">u8").astype(np.uint64).reshape(-1, number)


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
        found = {one.key: one for one in self.bank.local.search(features)}
        versions = _words(codes.pdq_dihedral, 4)
        gaps = np.stack([np.bitwise_count(self._pdq ^ one).sum(axis=1) for one in versions])
        keys = {*found, int(gaps.min(axis=0).argmin())}
        done = time.process_time()
        self.cost.pictures += 1
        self.cost.sift += sift - begun
        self.cost.fingerprint += made - sift
        self.cost.search += done - made
        candidates = tuple(
            Candidate(
                key=key,
                pdq_distance=int(gaps[:, key].min()),
                transform=TRANSFORMS[int(gaps[:, key].argmin())],
                quality=self.bank.qualities[key],
                verified=found[key].verified if key in found else None,
                variant=found[key].variant if key in found else "none",
            )
            for key in sorted(keys)
        )
        other = np.bitwise_count(self._phash ^ _words([str(imagehash.phash(picture))], 1)).ravel()
        phash = int(other.argmin()), int(other.min())
        group = EDITS[name][0]
        return Seen(name, group, truth, source, codes.quality, len(features), candidates, phash)


def edited_works(
    meter: Meter, keys: Sequence[int], works: int, strangers: list[Image.Image]
) -> list[Seen]:
    """Each edit of `works` of these listed works, drawn anew for each edit."""
    seen = []
    for number, (name, (_, edit)) in enumerate(EDITS.items()):
        chance = np.random.default_rng(1000 + number)
        for key in map(int, chance.choice(keys, min(works, len(keys)), replace=False)):
            beside = [strangers[i] for i in chance.integers(0, len(strangers), 3)]
            source = meter.bank.sources[key]
            picture = opened(source)
            if picture is not None:
                seen.append(meter.see(edit(picture, chance, beside), name, key, str(source.path)))
    return seen


def edited_strangers(meter: Meter, sources: list[Source], most: int, seed: int) -> list[Seen]:
    """Pictures of works that were never listed, each edited in one way at a time, up to `most`."""
    chance = np.random.default_rng(seed)
    names, seen = list(EDITS), list[Seen]()
    for _ in range(10):
        for place in chance.permutation(len(sources)):
            if len(seen) >= most:
                return seen
            picture = opened(sources[place])
            if picture is not None:
                name = names[len(seen) % len(names)]
                # Nothing that is listed stands beside a stranger.
                done = EDITS[name][1](picture, chance, [picture] * 3)
                seen.append(meter.see(done, name, None, str(sources[place].path)))
    return seen
