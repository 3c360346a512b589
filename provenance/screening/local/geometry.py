"""Do the features of two pictures agree about one affine map, and where?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from provenance.screening.local.features import Features

NEAR = 150.0
"""RootSIFT times 255 has length 255; strangers' nearest features lie at about 160."""
TOLERANCE = 4.0
"""Pixels at the working size by which an inlier may miss."""
LEAST_INLIERS = 5
SCALES = (0.1, 10.0)
MOST_SHEAR = 2.6
"""The longer axis of the mapped unit circle over the shorter one."""
LEAST_AREA = 0.006
"""Of the query covered by the work, and of the work by the query."""
MOST_TURN = 35.0
MOST_STRETCH = 1.9
"""How far a keypoint's own angle (degrees) and scale (factor) may differ from the map's."""
CELL = 5
"""Inliers in one square of so many pixels count once: they are one thing seen twice."""

Polygon = tuple[tuple[float, float], ...]


class Agreement(NamedTuple):
    """`matrix` (2, 3) maps the work's pixels to the query's, both at the working size."""

    inliers: int
    weight: float
    """Sum of the inliers' weights."""
    matrix: NDArray[np.float64]
    in_query: Polygon
    in_work: Polygon


def agree(query: Features, work: Features) -> Agreement | None:
    """1. pair features one to one, 2. fit a map, 3. refuse absurd ones, 4. count what agrees."""
    ours, theirs = _pairs(query, work)  # 1
    if len(ours) < LEAST_INLIERS:
        return None
    source, target = work.points[theirs], query.points[ours]
    matrix = _fit(source, target)  # 2
    if matrix is None or not _sane(matrix):  # 3
        return None
    good = _inliers(matrix, source, target)  # 4
    good = good[_distinct(source[good, :2], target[good, :2])]
    if len(good) < LEAST_INLIERS:
        return None
    in_query, in_work = _overlap(matrix, query, work)
    if min(_area(in_query), _area(in_work)) < LEAST_AREA:
        return None
    weights = np.minimum(query.weights[ours[good]], work.weights[theirs[good]])
    return Agreement(len(good), float(weights.sum()), matrix, in_query, in_work)


def _pairs(query: Features, work: Features) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of features that are each other's nearest, and near."""
    none = np.zeros(0, dtype=np.int64)
    if not len(query) or not len(work):
        return none, none
    ours, theirs = query.floats, work.floats
    squares = (ours**2).sum(1)[:, None] + (theirs**2).sum(1) - 2 * (ours @ theirs.T)
    nearest = squares.argmin(axis=1)
    back = squares.argmin(axis=0)
    rows = np.arange(len(query))
    mutual = (back[nearest] == rows) & (squares[rows, nearest] < NEAR**2)
    return rows[mutual], nearest[mutual]


def _fit(source: NDArray[np.float32], target: NDArray[np.float32]) -> NDArray[np.float64] | None:
    cv2.setRNGSeed(1)
    matrix, _ = cv2.estimateAffine2D(
        source[:, :2],
        target[:, :2],
        method=cv2.USAC_MAGSAC,
        ransacReprojThreshold=TOLERANCE,
        maxIters=1000,
        confidence=0.99,
    )
    return None if matrix is None else np.asarray(matrix, dtype=np.float64)


def _sane(matrix: NDArray[np.float64]) -> bool:
    if not np.isfinite(matrix).all() or np.linalg.det(matrix[:, :2]) <= 0:
        return False
    long, short = np.linalg.svd(matrix[:, :2], compute_uv=False)
    return bool(long < MOST_SHEAR * short and SCALES[0] < short and long < SCALES[1])


def _inliers(
    matrix: NDArray[np.float64], source: NDArray[np.float32], target: NDArray[np.float32]
) -> NDArray[np.int64]:
    """Pairs that the map brings together, and whose scale and angle it explains."""
    missed = np.linalg.norm(source[:, :2] @ matrix[:, :2].T + matrix[:, 2] - target[:, :2], axis=1)
    linear = matrix[:, :2]
    stretch = target[:, 2] / source[:, 2] / np.sqrt(np.linalg.det(linear))
    radians = np.deg2rad(source[:, 3])
    arrows = np.stack([np.cos(radians), np.sin(radians)], axis=1) @ linear.T
    turned = np.rad2deg(np.arctan2(arrows[:, 1], arrows[:, 0])) - target[:, 3]
    turn = np.abs((turned + 180) % 360 - 180)
    alike = np.abs(np.log(stretch)) < np.log(MOST_STRETCH)
    return np.flatnonzero((missed < TOLERANCE) & alike & (turn < MOST_TURN))


def _distinct(source: NDArray[np.float32], target: NDArray[np.float32]) -> NDArray[np.int64]:
    """The first pair of every cell of the work, then of every cell of the query."""
    first = np.unique((source // CELL).astype(np.int64) @ (1, 1 << 20), return_index=True)[1]
    cells = (target[first] // CELL).astype(np.int64) @ (1, 1 << 20)
    return np.sort(first[np.unique(cells, return_index=True)[1]])


def _frame(features: Features) -> NDArray[np.float32]:
    w, h = features.width, features.height
    return np.array([(0, 0), (w, 0), (w, h), (0, h)], dtype=np.float32)


def _overlap(
    matrix: NDArray[np.float64], query: Features, work: Features
) -> tuple[Polygon, Polygon]:
    """The common part, in fractions of either picture."""
    mapped = (_frame(work) @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)
    area, shared = cv2.intersectConvexConvex(mapped, _frame(query))
    if not area or shared is None:
        return (), ()
    common = np.asarray(shared, dtype=np.float64).reshape(-1, 2)
    back = (common - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
    return _fractions(common, query), _fractions(back, work)


def _fractions(corners: NDArray[np.float64], of: Features) -> Polygon:
    scaled = np.clip(corners / (of.width, of.height), 0, 1)
    return tuple((round(float(x), 4), round(float(y), 4)) for x, y in scaled)


def _area(polygon: Polygon) -> float:
    return float(cv2.contourArea(np.array(polygon, dtype=np.float32))) if polygon else 0.0


def mirror_back(polygon: Polygon) -> Polygon:
    """The polygon in the picture whose mirror image was searched."""
    return tuple((round(1 - x, 4), y) for x, y in polygon)
