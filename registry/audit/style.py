"""How far pictures lean from one style towards another: a measure of colour and texture, no more.

A picture becomes numbers that do not tell what it shows: how much of which colour, and how strong
its edges are in four directions at several sizes (a plain relative of the statistics of Portilla &
Simoncelli 2000). Pure: numpy alone, and the same pictures give the same figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Features = NDArray[np.float64]

LEAST = 4
"""Pictures of each kind that a figure needs."""
DRAWS = 2000
BINS = 4
SMALLEST = 8
"""Pixels a side, below which a picture is halved no further."""
QUANTILES = (2.5, 97.5)


@dataclass(frozen=True)
class Shift:
    """How much further one group of pictures leans than another, and how sure that is.

    0: not at all; 1: as far as the pictures that they are compared with. `low` and `high` bound
    95 % of the differences of resampled groups (percentile bootstrap).
    """

    shift: float
    low: float
    high: float
    pictures: int
    against: int

    @property
    def clear(self) -> bool:
        """Whether chance alone would rarely show this much."""
        return self.low > 0


def features(pixels: NDArray[np.uint8]) -> Features:
    """Colour shares and logarithms of edge strengths of (side, side, 3)."""
    image = pixels.astype(np.float64) / 255
    cells = np.minimum((image * BINS).astype(int), BINS - 1) @ (BINS * BINS, BINS, 1)
    shares = np.bincount(cells.ravel(), minlength=BINS**3) / cells.size
    level, edges = image.mean(axis=2), []
    while min(level.shape) >= SMALLEST:
        pairs = ((level[1:], level[:-1]), (level[:, 1:], level[:, :-1]),
                 (level[1:, 1:], level[:-1, :-1]), (level[1:, :-1], level[:-1, 1:]))  # fmt: skip
        edges += [np.log(np.abs(a - b).mean() + 1e-3) for a, b in pairs]
        even = level[: len(level) // 2 * 2, : level.shape[1] // 2 * 2]
        level = (even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]) / 4
    return np.concatenate([np.sqrt(shares), np.asarray(edges)])


def shift(
    group: Sequence[Features],
    against: Sequence[Features],
    *,
    origin: Sequence[Features],
    target: Sequence[Features],
) -> Shift | None:
    """How far `group` lies beyond `against` on the way from the middle of `origin` to `target`'s.

    `origin` must share no picture with the other two, or chance would look like a leaning. None
    where there are too few pictures, or the two ends are one.
    """
    sets = [np.asarray(one) for one in (group, against, origin, target)]
    if min(map(len, sets)) < LEAST:
        return None
    spread = np.concatenate([sets[2], sets[3]]).std(axis=0)
    ours, theirs, start, end = (one / np.where(spread > 0, spread, 1) for one in sets)
    way = end.mean(axis=0) - start.mean(axis=0)
    length = float(way @ way)
    if length == 0:
        return None
    a, b = ours @ way / length, theirs @ way / length
    rng = np.random.default_rng(0)
    drawn = [rng.choice(x, (DRAWS, len(x))).mean(axis=1) for x in (a, b)]
    low, high = np.percentile(drawn[0] - drawn[1], QUANTILES)
    return Shift(float(a.mean() - b.mean()), float(low), float(high), len(a), len(b))
