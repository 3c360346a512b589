"""Does a model give its training pictures back? A pure decision over pixels, without torch.

Samples are compared with training pictures and protected works at one small size,
in the spirit of Carlini et al. 2023, "Extracting Training Data from Diffusion Models": the
distance of the worst tile, relative to how far that sample's nearest neighbours usually are.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

TILES = 4
"""Tiles a side: the worst of 16 tiles counts, so that a shared plain background is no match."""
NEIGHBOURS = 50
BLOCK = 4096
"""Known pictures compared at a time."""
NOTHING = "An audit needs at least one sample and one known picture."
LEAST_TYPICAL = 0.2
"""Floor of the typical distance, in the same unit as a distance."""


class Outcome(StrEnum):
    """What the audit says of a model."""

    PASSED = "passed"
    FLAGGED = "flagged"
    FAILED = "failed"


REMEDIES = {
    Outcome.FAILED: "Train again with fewer steps, a lower rate or more pictures, with class "
    "pictures, and without near-duplicates; or leave the repeated picture out.",
    Outcome.FLAGGED: "Look at each pair side by side and decide, as a reviewer; or train "
    "again with fewer steps.",
}


@dataclass(frozen=True)
class Picture:
    """A sample, training picture or protected work: uint8 of shape (side, side, 3)."""

    reference: str
    pixels: NDArray[np.uint8]


@dataclass(frozen=True)
class Thresholds:
    """Below `fail` a sample is a near copy; below `flag` a person must look. See ADR 0004."""

    flag: float
    fail: float


DEFAULT_THRESHOLDS = Thresholds(flag=0.45, fail=0.40)


@dataclass(frozen=True)
class Pair:
    """A sample and its nearest picture.

    `distance` is the root mean square difference of the worst tile, 0 to 1 of the pixel range;
    `score` is that distance relative to the typical one, 0 for a copy, about 1 for a stranger.
    """

    sample: str
    picture: str
    distance: float
    score: float


@dataclass(frozen=True)
class AuditOutcome:
    """The verdict, each sample's nearest picture with the smallest score first, and why."""

    outcome: Outcome
    pairs: tuple[Pair, ...]
    explanation: str
    remedy: str


class AuditRefusedError(ValueError):
    """There is nothing to compare, or the pictures have different sizes."""


def audit(
    samples: Sequence[Picture],
    known: Iterable[Picture],
    thresholds: Thresholds | None = None,
) -> AuditOutcome:
    """Compare each sample with each known picture, all of one size, and decide.

    `known` are training pictures and protected works, as `at_side` makes them; they are read once
    and in blocks, so that a million need no more memory than a block. The nearest picture of a
    sample is the one with the smallest distance of its worst tile.
    """
    limits = thresholds or DEFAULT_THRESHOLDS
    if not samples:
        raise AuditRefusedError(NOTHING)
    shape = samples[0].pixels.shape
    ours = _tiles(_stack(samples, shape))
    nearest = [_Nearest() for _ in samples]
    pictures = iter(known)
    while block := list(islice(pictures, BLOCK)):
        far = _distances(ours, _tiles(_stack(block, shape)))
        for found, row in zip(nearest, far, strict=True):
            found.add(row, block)
    if not nearest[0].distances.size:
        raise AuditRefusedError(NOTHING)
    pairs = (found.pair(s) for found, s in zip(nearest, samples, strict=True))
    return _decide(tuple(sorted(pairs, key=lambda pair: pair.score)), limits)


@dataclass
class _Nearest:
    """The nearest pictures of one sample so far, the first of equals first."""

    distances: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, np.float32))
    references: list[str] = field(default_factory=list)

    def add(self, row: NDArray[np.float32], block: list[Picture]) -> None:
        far = np.concatenate([self.distances, row])
        names = [*self.references, *(picture.reference for picture in block)]
        order = np.argsort(far, kind="stable")[:NEIGHBOURS]
        self.distances, self.references = far[order], [names[i] for i in order]

    def pair(self, sample: Picture) -> Pair:
        distance = float(self.distances[0])
        # The floor keeps a copy's score low where all that is known is one picture, or its twins.
        typical = max(float(self.distances.mean()), LEAST_TYPICAL)
        return Pair(sample.reference, self.references[0], distance, distance / typical)


def with_looks(found: AuditOutcome, looks: Sequence[tuple[Outcome, str]]) -> AuditOutcome:
    """The verdict when screening also matched samples, as (outcome, sample): the worse counts."""
    worst = next((o for o in (Outcome.FAILED, Outcome.FLAGGED) if o in dict(looks)), None)
    if worst is None or found.outcome in (worst, Outcome.FAILED):
        return found
    alike = sorted({sample for outcome, sample in looks if outcome is worst})
    return replace(
        found,
        outcome=worst,
        explanation=f"{len(alike)} samples look like known pictures, {alike[0]} among them.",
        remedy=REMEDIES[worst],
    )


def at_side(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The centre square of `pixels`, (height, width, 3), averaged down to (side, side, 3)."""
    height, width = pixels.shape[:2]
    square = min(height, width)
    top, left = (height - square) // 2, (width - square) // 2
    centre = pixels[top : top + square, left : left + square].astype(np.float32)
    edges = np.arange(side + 1) * square / side
    starts = np.maximum(edges[:-1, None], np.arange(square))
    ends = np.minimum(edges[1:, None], np.arange(square) + 1)
    shares = (np.clip(ends - starts, 0, None) * side / square).astype(np.float32)
    mean = np.einsum("ay,yxc,bx->abc", shares, centre, shares, optimize=True)
    reduced: NDArray[np.uint8] = np.clip(np.rint(mean), 0, 255).astype(np.uint8)
    return reduced


def _stack(pictures: Sequence[Picture], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    if any(picture.pixels.shape != shape for picture in pictures):
        raise AuditRefusedError("All pictures of an audit must have one size: use at_side.")
    return np.stack([picture.pixels for picture in pictures])


def _tiles(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(16, pictures, values) in 0..1 of (pictures, side, side, 3), cut to whole tiles."""
    size = pixels.shape[1] // TILES
    if size == 0 or pixels.ndim != 4 or pixels.shape[1] != pixels.shape[2]:  # noqa: PLR2004
        raise AuditRefusedError(f"A picture must be square, of at least {TILES} pixels a side.")
    cut = pixels[:, : size * TILES, : size * TILES].astype(np.float32) / 255
    split = cut.reshape(len(cut), TILES, size, TILES, size, -1).transpose(1, 3, 0, 2, 4, 5)
    tiles: NDArray[np.float32] = np.ascontiguousarray(split, np.float32)
    return tiles.reshape(TILES * TILES, len(cut), size * size * cut.shape[3])


def _distances(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> NDArray[np.float32]:
    """(samples, pictures): the root mean square difference of each pair's worst tile.

    |a - b|² = |a|² + |b|² - 2ab turns the work into one matrix product a tile; rounding makes the
    distance of equal pictures up to 0.001.
    """
    worst = np.zeros((ours.shape[1], theirs.shape[1]), np.float32)
    for mine, other in zip(ours, theirs, strict=True):
        squares = (mine**2).sum(axis=1)[:, None] + (other**2).sum(axis=1)[None, :]
        np.maximum(worst, squares - 2 * mine @ other.T, out=worst)
    far: NDArray[np.float32] = np.sqrt(worst / np.float32(ours.shape[2]))
    return far


def _decide(pairs: tuple[Pair, ...], limits: Thresholds) -> AuditOutcome:
    near = [pair for pair in pairs if pair.score < limits.flag]
    copies = [pair for pair in pairs if pair.score < limits.fail]
    if copies:
        return AuditOutcome(
            Outcome.FAILED,
            pairs,
            f"{len(copies)} of {len(pairs)} samples nearly repeat a known picture; "
            f"{copies[0].sample} is closest to {copies[0].picture} ({copies[0].score:.2f}).",
            REMEDIES[Outcome.FAILED],
        )
    if near:
        return AuditOutcome(
            Outcome.FLAGGED,
            pairs,
            f"{len(near)} of {len(pairs)} samples are close to a known picture; "
            f"{near[0].sample} is closest to {near[0].picture} ({near[0].score:.2f}).",
            REMEDIES[Outcome.FLAGGED],
        )
    return AuditOutcome(
        Outcome.PASSED,
        pairs,
        f"None of {len(pairs)} samples nearly repeats a known picture; the smallest score is "
        f"{pairs[0].score:.2f}.",
        "Nothing to do.",
    )
