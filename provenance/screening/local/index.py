"""Many works' local features: vote by nearest features, then verify the best candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from provenance.screening.local import files
from provenance.screening.local.features import MOST, Features, inverted, mirrored
from provenance.screening.local.geometry import Polygon, agree, mirror_back
from provenance.screening.local.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

NEIGHBOURS = 6
"""Nearest features that each feature of the query votes with."""
CANDIDATES = 12
"""Works that are verified, per view of the query."""
SLOT = 512
"""A feature's number in the segments is its work's slot times this, plus its row."""


class Found(NamedTuple):
    """A work in the query. Polygons are corners in fractions of width and height."""

    key: str
    inliers: int
    """Distinct features that agree about one affine map."""
    score: float
    """Inliers, each by its weight: lettering counts little."""
    polygon_in_query: Polygon
    polygon_in_work: Polygon
    transform: str
    """What the query is seen as: none, mirror, invert or mirror+invert."""
    matrix: tuple[float, ...]
    """Row by row, (2, 3): work pixels to pixels of that view, at the working size."""


class LocalIndex:
    """Append, remove, search. Not safe for a search beside an append in another thread."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._blobs: list[bytes | memoryview] = []
        self._slots: dict[str, int] = {}
        self._frozen: Segment | None = None
        self._fresh = Segment()

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, key: str) -> bool:
        return key in self._slots

    def add(self, key: str, features: Features) -> None:
        """Visible to the next search. A key that is there already is replaced."""
        self.remove(key)
        features = features.take(np.arange(min(len(features), MOST)))
        slot = len(self._keys)
        self._keys.append(key)
        self._blobs.append(features.to_bytes())
        self._slots[key] = slot
        if len(features):
            numbers = slot * SLOT + np.arange(len(features), dtype=np.int64)
            self._fresh.add(numbers, features.floats)

    def remove(self, key: str) -> None:
        """Its features stay in the segments until the next `save`, but count for nothing."""
        slot = self._slots.pop(key, None)
        if slot is not None:
            self._blobs[slot] = b""

    def search(self, query: Features, most: int = 10) -> list[Found]:
        """Works seen in the query, directly, in a mirror or as a negative; surest first."""
        best: dict[str, Found] = {}
        for view, seen in _views(query):
            for slot in self._candidates(seen):
                found = self._verify(slot, seen, view)
                if found and (found.key not in best or best[found.key].score < found.score):
                    best[found.key] = found
        return sorted(best.values(), key=lambda found: (-found.score, found.key))[:most]

    def _candidates(self, query: Features) -> list[int]:
        """Slots with the most votes. A vote counts more the nearer it is than the others."""
        votes = np.zeros(len(self._keys), dtype=np.float64)
        for segment in (self._frozen, self._fresh):
            if segment is None or not len(segment) or not len(query):
                continue
            numbers, squares = segment.nearest(query.floats, NEIGHBOURS)
            strength = _strength(squares) * query.weights[:, None]
            there = numbers >= 0
            _vote(votes, numbers[there] // SLOT, strength[there], np.nonzero(there)[0])
        for slot in np.flatnonzero(votes):
            if not self._blobs[slot]:
                votes[slot] = 0
        order = np.argsort(-votes, kind="stable")[:CANDIDATES]
        return [int(slot) for slot in order if votes[slot] > 0]

    def _verify(self, slot: int, query: Features, view: str) -> Found | None:
        agreement = agree(query, Features.from_bytes(self._blobs[slot]))
        if agreement is None:
            return None
        in_query = agreement.in_query
        if view.startswith("mirror"):
            in_query = mirror_back(in_query)
        return Found(
            self._keys[slot],
            agreement.inliers,
            round(agreement.weight, 3),
            in_query,
            agreement.in_work,
            view,
            tuple(float(number) for number in agreement.matrix.ravel()),
        )

    def save(self, folder: Path) -> None:
        """Write everything that is not removed to `folder`; readers of the old files keep them."""
        fresh = LocalIndex()
        for key, slot in self._slots.items():
            fresh.add(key, Features.from_bytes(self._blobs[slot]))
        files.write(folder, fresh._keys, fresh._blobs, fresh._fresh)

    @classmethod
    def load(cls, folder: Path) -> LocalIndex:
        """Map the files of `save`; additions live in this process. Raises DamagedFileError."""
        index = cls()
        index._keys, index._blobs, index._frozen = files.read(folder)
        index._slots = {key: slot for slot, key in enumerate(index._keys)}
        return index


def _views(query: Features) -> Iterator[tuple[str, Features]]:
    mirror = mirrored(query)
    yield "none", query
    yield "mirror", mirror
    yield "invert", inverted(query)
    yield "mirror+invert", inverted(mirror)


def _strength(squares: NDArray[np.float32]) -> NDArray[np.float64]:
    """How much each neighbour counts: by how much nearer it is than the last one looked at."""
    distances = np.sqrt(np.maximum(squares, 0)).astype(np.float64)
    last = np.maximum(np.max(np.where(np.isfinite(distances), distances, 0), 1, keepdims=True), 40)
    strength: NDArray[np.float64] = np.maximum(0.0, 1 - distances / last) ** 2 + 1e-6
    return strength


def _vote(
    votes: NDArray[np.float64],
    slots: NDArray[np.int64],
    strength: NDArray[np.float64],
    rows: NDArray[np.int64],
) -> None:
    """One vote a feature of the query and work, or a repeated pattern would drown the rest."""
    order = np.lexsort((-strength, rows, slots))
    slots, strength, rows = slots[order], strength[order], rows[order]
    first = np.ones(len(slots), dtype=bool)
    first[1:] = (slots[1:] != slots[:-1]) | (rows[1:] != rows[:-1])
    np.add.at(votes, slots[first], strength[first])
