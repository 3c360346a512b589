"""Which listed pictures share features with this one: votes of single features, then geometry.

Few pictures are compared one by one, exactly. From `TRAIN_AT` features on an inverted file with
quantised descriptors (faiss) names the candidates; what it names is still verified exactly.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import faiss
import numpy as np

from provenance.screening.local.features import PERMUTED, Features
from provenance.screening.local.geometry import Verified, verify

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

TRAIN_AT: Final = 10_000
RETRAIN: Final = 8
"""The cells are drawn anew when there are this many times the features they were drawn for."""
SAMPLE: Final = 60_000
NEIGHBOURS: Final = 4
PROBES: Final = 6
VOTERS: Final = 250
"""Features of a query that vote, the strongest, evenly spread; all of them are verified."""
CANDIDATES: Final = 12


@dataclass(frozen=True)
class Found:
    """A listed picture that was found in the query, and how surely."""

    key: int
    variant: str
    """`none`, `mirror`, `invert` or `mirror-invert`: what was done to the query."""
    verified: Verified


class LocalIndex:
    """Features of listed pictures by whole numbers. Safe to use from several threads."""

    def __init__(self) -> None:
        self._listed: dict[int, Features] = {}
        self._voting: Any = None
        self._trained_for = 0
        self._number = 0
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._listed)

    def add(self, pictures: Iterable[tuple[int, Features]]) -> None:
        """List these pictures; one whose key is known is left as it is."""
        with self._lock:
            new = [(key, one) for key, one in pictures if key not in self._listed]
            self._listed.update(new)
            self._number += sum(len(one) for _, one in new)
            if self._number >= max(TRAIN_AT, RETRAIN * self._trained_for):
                self._train()
            elif self._voting is not None:
                _fill(self._voting, new)

    def remove(self, keys: Iterable[int]) -> None:
        """Forget these; keys that are not listed are passed over."""
        with self._lock:
            for key in keys:
                gone = self._listed.pop(key, None)
                self._number -= len(gone) if gone else 0

    def search(self, query: Features) -> list[Found]:
        """Listed pictures that are verified in the query, most inliers first."""
        if not len(query):
            return []
        with self._lock:
            candidates = [
                (key, variant, self._listed[key])
                for key, variant in self._candidates(query)
                if key in self._listed
            ]
        best: dict[int, Found] = {}
        for key, variant, listed in candidates:
            verified = verify(query, variant, listed)
            if verified and (
                key not in best or verified.inliers > best[key].verified.inliers
            ):
                best[key] = Found(key, variant, verified)
        return sorted(best.values(), key=lambda one: (-one.verified.inliers, one.key))

    def _candidates(self, query: Features) -> list[tuple[int, str]]:
        """(key, variant) with the most votes. A few pictures are all candidates."""
        if self._voting is None and len(self._listed) * len(PERMUTED) <= CANDIDATES:
            return [(key, variant) for key in self._listed for variant in PERMUTED]
        voters = query.kept(VOTERS)
        codes = np.concatenate([voters.codes(variant) for variant in PERMUTED])
        distances, keys = self._nearest(codes)
        weights = np.maximum(0, 1 - distances / np.maximum(distances[:, -1:], 1)) + 0.05
        weights[keys < 0] = 0
        for later in range(1, keys.shape[1]):  # a feature votes for a picture once
            weights[:, later][(keys[:, :later] == keys[:, later : later + 1]).any(axis=1)] = 0
        variants = np.repeat(np.arange(len(PERMUTED)), len(voters))[:, None]
        pairs, places = np.unique(keys * len(PERMUTED) + variants, return_inverse=True)
        votes = np.bincount(places.ravel(), weights.ravel())
        names = list(PERMUTED)
        return [
            (int(pairs[place]) // len(names), names[int(pairs[place]) % len(names)])
            for place in np.argsort(-votes, kind="stable")[:CANDIDATES]
        ]

    def _nearest(self, codes: NDArray[np.float32]) -> tuple[Any, Any]:
        """Distances and keys of the nearest listed features, of shape (queries, neighbours)."""
        if self._voting is not None:
            return self._voting.search(codes, NEIGHBOURS)  # type: ignore[no-any-return]
        listed = [(key, one) for key, one in self._listed.items() if len(one)]
        keys = np.concatenate([np.full(len(one), key) for key, one in listed])
        distances, places = faiss.knn(
            codes, np.concatenate([one.codes() for _, one in listed]), NEIGHBOURS
        )
        return distances, keys[places]

    def _train(self) -> None:
        """Draw the cells for what is listed now, and fill them."""
        listed = list(self._listed.items())
        chance = np.random.default_rng(1)
        share = min(1.0, SAMPLE / max(self._number, 1))
        sample = np.concatenate(
            [one.codes()[chance.random(len(one)) < share] for _, one in listed if len(one)]
        )
        cells = int(np.clip(4 * np.sqrt(self._number), 64, max(64, len(sample) // 39)))
        voting = faiss.index_factory(128, f"IVF{cells},SQ8")
        voting.cp.niter = 6
        voting.train(sample)
        voting.nprobe = PROBES
        _fill(voting, listed)
        self._voting, self._trained_for = voting, self._number


def _fill(voting: Any, listed: list[tuple[int, Features]]) -> None:
    for key, one in listed:
        if len(one):
            voting.add_with_ids(one.codes(), np.full(len(one), key, dtype=np.int64))

