"""Is it the same picture, and where? Matches of single features, checked by one map of the plane.

A few features of unrelated pictures are always alike. That many of them lie the same way in both
pictures does not happen by chance, except where both show the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from provenance.screening.local.features import Features

NEAR: Final = 190.0**2
"""Squared distance of descriptors (each has a length of 512) beyond which two are not alike."""
RATIO: Final = 0.92**2
"""The next best must be farther than this, as squares."""
FEWEST: Final = 5
TOLERANCE: Final = 5.0
"""Pixels, of 512."""
LOOSE: Final = 6 * TOLERANCE
"""From where an affine map puts a pair that a perspective one may still fit."""
MORE: Final = 3
SCALES: Final = (0.08, 12.0)
SHEAR: Final = 2.2
"""Most that one direction may be stretched more than the other."""


@dataclass(frozen=True)
class Verified:
    """One listed picture found in another."""

    inliers: int
    """Distinct features that lie the same way in both."""
    matched: int
    """Those that look alike, wherever they lie."""
    spread: float
    """0..1: how evenly the inliers lie over the part that is shared, by cells of a grid of 16."""
    unlike: float
    """0..1: mean distance of the inliers' descriptors; 1 is the farthest that counts as alike."""
    off: float
    """Mean distance in pixels (of 512) of the inliers from where the map puts them."""
    in_query: tuple[tuple[float, float], ...]
    """The shared part: corners [x, y] in 0..1 of width and height."""
    in_listed: tuple[tuple[float, float], ...]


def verify(query: Features, variant: str, listed: Features) -> Verified | None:
    """The affine map from the listed picture into the query's `variant`, or None."""
    left, right, squares = _alike(query.codes(variant), listed.codes())
    kept = _distinct(query.points[left], listed.points[right])
    if len(kept) < FEWEST:
        return None
    ours, theirs = query.points[left[kept]], listed.points[right[kept]]
    cv2.setRNGSeed(7)
    found, inside = cv2.estimateAffine2D(
        theirs, ours, method=cv2.RANSAC, ransacReprojThreshold=TOLERANCE,
        maxIters=1500, confidence=0.995, refineIters=3,
    )  # fmt: skip
    if found is None or not _is_sane(found, mirrored="mirror" in variant):
        return None
    put = theirs @ found[:, :2].T + found[:, 2]
    chosen, put = _photographed(theirs, ours, inside.ravel().astype(bool), put)
    ours, theirs, put = ours[chosen], theirs[chosen], put[chosen]
    if len(ours) < FEWEST:
        return None
    return Verified(
        inliers=len(ours),
        matched=len(kept),
        spread=_spread(theirs),
        unlike=float(np.sqrt(squares[kept][chosen] / NEAR).mean()),
        off=float(np.linalg.norm(put - ours, axis=1).mean()),
        in_query=_outline(ours, query),
        in_listed=_outline(theirs, listed),
    )


def _photographed(theirs: Any, ours: Any, chosen: Any, put: Any) -> tuple[Any, Any]:
    """Which pairs lie the same way, and where their map puts theirs.

    A picture photographed from the side fits an affine map in one part only. Where a perspective
    one near it fits clearly more pairs, that one counts.
    """
    near = np.linalg.norm(put - ours, axis=1) < LOOSE
    if near.sum() < chosen.sum() + MORE:
        return chosen, put
    cv2.setRNGSeed(7)
    found, inside = cv2.findHomography(
        theirs[near], ours[near], cv2.RANSAC, TOLERANCE, maxIters=500, confidence=0.995
    )
    if found is None or inside.sum() < chosen.sum() + MORE:
        return chosen, put
    wider = np.zeros_like(chosen)
    wider[np.flatnonzero(near)[inside.ravel().astype(bool)]] = True
    return wider, cv2.perspectiveTransform(theirs[None], found)[0]


def covered(found: Verified, by: Verified) -> float:
    """0..1: the share of what `found` marks in the query that `by` marks too."""
    ours, theirs = np.array(found.in_query, np.float32), np.array(by.in_query, np.float32)
    whole = cv2.contourArea(ours)
    common, _ = cv2.intersectConvexConvex(ours, theirs)
    return float(common / whole) if whole > 0 else 0.0


def _alike(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> tuple[Any, Any, Any]:
    """Indices of pairs and their squared distances.

    Each of ours with its nearest of theirs, if no other is nearly as near.
    """
    if len(ours) < 1 or len(theirs) < 2:  # noqa: PLR2004 - a nearest and a next
        return np.empty(0, int), np.empty(0, int), np.empty(0)
    import faiss  # late: the decoder's child never compares

    squares, places = faiss.knn(ours, theirs, 2)  # numpy's product would wake all threads
    first, second = squares.T
    good = (first < NEAR) & ((first < RATIO * second) | (first < NEAR / 16))
    return np.flatnonzero(good), places[good, 0], np.maximum(first[good], 0)


def _distinct(ours: Any, theirs: Any) -> list[int]:
    """One pair for each place on either side: SIFT gives one place several angles and scales."""
    seen: set[tuple[str, int, int]] = set()
    kept = []
    for i, ((x, y), (u, v)) in enumerate(zip(ours, theirs, strict=True)):
        keys = {("q", int(x // 2), int(y // 2)), ("l", int(u // 2), int(v // 2))}
        if not keys & seen:
            seen |= keys
            kept.append(i)
    return kept


def _is_sane(found: NDArray[np.float64], *, mirrored: bool) -> bool:
    """Neither crushed nor sheared as no copy is; turned inside out only if the variant is."""
    large, small = np.linalg.svd(found[:, :2], compute_uv=False)
    if not (SCALES[0] < small and large < SCALES[1] and large / small < SHEAR):
        return False
    return bool((np.linalg.det(found[:, :2]) < 0) == mirrored)


def _spread(points: NDArray[np.float32]) -> float:
    low, high = points.min(0), points.max(0)
    cells = ((points - low) / np.maximum(high - low, 1) * 3.999).astype(int)
    return len({tuple(cell) for cell in cells}) / 16


def _outline(points: NDArray[np.float32], of: Features) -> tuple[tuple[float, float], ...]:
    """The smallest rectangle around the points, turned as it may be."""
    corners = cv2.boxPoints(cv2.minAreaRect(points)) / np.array([of.width, of.height], np.float32)
    return tuple((round(float(x), 4), round(float(y), 4)) for x, y in np.clip(corners, 0, 1))
