"""Does a model give its training pictures back? A pure decision over pixels, without torch.

Samples are compared with training pictures and protected works at the model's own resolution,
in the spirit of Carlini et al. 2023, "Extracting Training Data from Diffusion Models": the
distance of the worst tile, relative to how far that sample's nearest neighbours usually are.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

TILES = 4
"""Tiles a side: the worst of 16 tiles counts, so that a shared plain background is no match."""
NEIGHBOURS = 50
LEAST_TYPICAL = 0.2
"""Floor of the typical distance, in the same unit as a distance."""


class Outcome(StrEnum):
    """What the audit says of a model."""

    PASSED = "passed"
    FLAGGED = "flagged"
    FAILED = "failed"


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
    samples: tuple[Picture, ...],
    known: tuple[Picture, ...],
    thresholds: Thresholds | None = None,
) -> AuditOutcome:
    """Compare each sample with each known picture, all of one size, and decide.

    `known` are training pictures and protected works, as `at_side` makes them. The nearest
    picture of a sample is the one with the smallest distance of its worst tile.
    """
    limits = thresholds or DEFAULT_THRESHOLDS
    if not samples or not known:
        raise AuditRefusedError("An audit needs at least one sample and one known picture.")
    shapes = {picture.pixels.shape for picture in (*samples, *known)}
    if len(shapes) != 1:
        raise AuditRefusedError("All pictures of an audit must have one size: use at_side.")
    tiles = np.stack([_tiles(picture.pixels) for picture in known])
    pairs = sorted((_nearest(sample, known, tiles) for sample in samples), key=lambda p: p.score)
    return _decide(tuple(pairs), limits)


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


def _tiles(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(16, values) in 0..1: the tiles of a picture whose side is cut to a multiple of TILES."""
    size = pixels.shape[0] // TILES
    if size == 0 or pixels.ndim != 3 or pixels.shape[0] != pixels.shape[1]:  # noqa: PLR2004
        raise AuditRefusedError(f"A picture must be square, of at least {TILES} pixels a side.")
    cut = pixels[: size * TILES, : size * TILES].astype(np.float32) / 255
    rows = cut.reshape(TILES, size, TILES, size, -1).swapaxes(1, 2)
    return rows.reshape(TILES * TILES, -1).astype(np.float32)


def _nearest(sample: Picture, known: tuple[Picture, ...], tiles: NDArray[np.float32]) -> Pair:
    squares = ((tiles - _tiles(sample.pixels)) ** 2).mean(axis=2)
    distances = np.sqrt(squares.max(axis=1))
    order = np.argsort(distances, kind="stable")
    distance = float(distances[order[0]])
    # The floor keeps a copy's score low where all that is known is one picture, or twins of it.
    typical = max(float(distances[order[:NEIGHBOURS]].mean()), LEAST_TYPICAL)
    return Pair(sample.reference, known[order[0]].reference, distance, distance / typical)


def _decide(pairs: tuple[Pair, ...], limits: Thresholds) -> AuditOutcome:
    near = [pair for pair in pairs if pair.score < limits.flag]
    copies = [pair for pair in pairs if pair.score < limits.fail]
    if copies:
        return AuditOutcome(
            Outcome.FAILED,
            pairs,
            f"{len(copies)} of {len(pairs)} samples nearly repeat a known picture; "
            f"{copies[0].sample} is closest to {copies[0].picture} ({copies[0].score:.2f}).",
            "Train again with fewer steps or more pictures, or leave the repeated picture out.",
        )
    if near:
        return AuditOutcome(
            Outcome.FLAGGED,
            pairs,
            f"{len(near)} of {len(pairs)} samples are close to a known picture; "
            f"{near[0].sample} is closest to {near[0].picture} ({near[0].score:.2f}).",
            "Look at each pair side by side and decide, or train again with fewer steps.",
        )
    return AuditOutcome(
        Outcome.PASSED,
        pairs,
        f"None of {len(pairs)} samples nearly repeats a known picture; the smallest score is "
        f"{pairs[0].score:.2f}.",
        "Nothing to do.",
    )
