"""Which listed pictures share features with this one: votes of single features, then geometry.

The features of few pictures vote one by one, exactly. From `TRAIN_AT` features on they vote through
an inverted file with quantised descriptors (faiss); the candidates that it names are still verified
with exact ones, which the caller reads from where they are kept.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from provenance.screening.local.features import PERMUTED, Features
from provenance.screening.local.geometry import Verified, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    Read = Callable[[Sequence[int]], Mapping[int, Features]]

TRAIN_AT: Final = 10_000
RETRAIN: Final = 8
"""The cells are drawn anew when there are this many times the features they were drawn for."""
SAMPLE: Final = 80_000
"""Features that cells are drawn from, 39 a cell: with more, adding takes longer than it saves."""
CODES: Final = "PQ64x4fs"
"""64 numbers of 4 bits, compared in registers: a sixth of the time of bytes, for votes that are as
good; what they name is verified with whole descriptors."""
BATCH: Final = 1_000
NEIGHBOURS: Final = 4
PROBES: Final = 6
VOTERS: Final = 250
"""Features of a query that vote, the strongest, evenly spread; all of them are verified."""
CANDIDATES: Final = 12
"""Verified at once; as long as they show what was sought the next as many are, up to eight times: a
picture may show many listed ones, and be listed many times."""
MANY: Final = 10
"""Inliers of a candidate that shows something."""


@dataclass(frozen=True)
class Found:
    """A listed picture that was found in the query, and how surely."""

    key: int
    variant: str
    """`none`, `mirror`, `invert` or `mirror-invert`: what was done to the query."""
    verified: Verified


class LocalIndex:
    """Listed pictures, by whole numbers, that share features with a query; safe for threads.

    Holds what votes, in memory: 40 bytes a feature, and what its arrays keep in reserve.
    """

    def __init__(self, read: Read) -> None:
        """`read` gives the features of listed pictures; one that it leaves out is gone."""
        self._read, self._lock = read, threading.RLock()
        self._keys: list[int] = []
        self._number = self._trained_for = 0
        self._voting = _voting("IDMap,Flat")

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, pictures: Iterable[tuple[int, Features]]) -> None:
        """List these pictures under keys that are new."""
        with self._lock:
            for key, one in pictures:
                self._keys.append(key)
                self._number += len(one)
                _fill(self._voting, key, one)
            if self._number >= max(TRAIN_AT, RETRAIN * self._trained_for):
                self._train()

    def search(self, query: Features) -> list[Found]:
        """Listed pictures that are verified in the query, most inliers first."""
        if not len(query) or not self._number:
            return []
        candidates, best = self._candidates(query), dict[int, Found]()
        for start in range(0, len(candidates), CANDIDATES):
            found = list(self._verified(query, candidates[start : start + CANDIDATES]))
            for one in found:
                if one.key not in best or one.verified.inliers > best[one.key].verified.inliers:
                    best[one.key] = one
            if all(one.verified.inliers < MANY for one in found):
                break  # what has fewer votes than these is no candidate
        return sorted(best.values(), key=lambda one: (-one.verified.inliers, one.key))

    def _verified(self, query: Features, some: Sequence[tuple[int, str]]) -> Iterator[Found]:
        listed = self._read([key for key, _ in some])
        for key, variant in some:
            verified = verify(query, variant, listed[key]) if key in listed else None
            if verified:
                yield Found(key, variant, verified)

    def _candidates(self, query: Features) -> list[tuple[int, str]]:
        """(key, variant), those with the most votes first."""
        voters = query.voters(VOTERS)
        codes = np.concatenate([voters.codes(variant) for variant in PERMUTED])
        with self._lock:
            distances, keys = self._voting.search(codes, min(NEIGHBOURS, self._number))
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
            for place in np.argsort(-votes, kind="stable")[: 8 * CANDIDATES]
            if votes[place] > 0
        ]

    def _train(self) -> None:
        """Draw the cells for what is listed now, and fill them."""
        chance = np.random.default_rng(1)
        few = chance.permutation(self._keys)[: max(1, SAMPLE * len(self._keys) // self._number)]
        sample = np.concatenate([one.codes() for _, one in self._listed(few.tolist())])
        cells = int(np.clip(np.sqrt(self._number), 64, max(64, len(sample) // 39)))
        voting = _voting(f"IVF{cells},{CODES}")
        voting.cp.niter = 6
        voting.train(sample)
        voting.nprobe = PROBES
        for key, one in self._listed(self._keys):
            _fill(voting, key, one)
        self._voting, self._trained_for = voting, self._number

    def _listed(self, keys: list[int]) -> Iterator[tuple[int, Features]]:
        for start in range(0, len(keys), BATCH):
            yield from self._read(keys[start : start + BATCH]).items()


def _voting(kind: str) -> Any:
    import faiss  # late: it takes 0.3 s, and the decoder's child never searches

    faiss.omp_set_num_threads(1)  # threads that wait for each other spin: all cores for one query
    return faiss.index_factory(128, kind)


def _fill(voting: Any, key: int, one: Features) -> None:
    if len(one):
        voting.add_with_ids(one.codes(), np.full(len(one), key, dtype=np.int64))
