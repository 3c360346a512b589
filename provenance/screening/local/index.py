"""Which listed pictures share features with this one: votes of single features, then geometry.

The features of few pictures vote one by one, exactly. From `TRAIN_AT` features on they vote through
an inverted file with quantised descriptors (faiss); the candidates that it names are still verified
with exact ones, which the caller reads from where they are kept.
"""

from __future__ import annotations

import os
import threading
import zlib
from dataclasses import dataclass
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np

from provenance.screening.local.features import PERMUTED, Features
from provenance.screening.local.geometry import Verified, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Read = Callable[[Sequence[int]], Mapping[int, Features]]

TRAIN_AT: Final = 10_000
RETRAIN: Final = 8
"""The cells are drawn anew when there are this many times the features they were drawn for."""
SAMPLE: Final = 80_000
"""Features that cells are drawn from, 39 a cell: with more, adding takes longer than it saves."""
CODES: Final = "PQ64x4fs"
"""64 numbers of 4 bits, compared in registers: a sixth of the time of bytes, for votes that are as
good; what they name is verified with whole descriptors."""
SHARD: Final = 20_000
"""Pictures whose features go into one file: who reads so many needs 0.4 GB until it is written."""
BATCH: Final = 1_000
AT_ONCE: Final = 16
"""Pictures added by one call: half the time of one by one, and more take as long."""
NEIGHBOURS: Final = 4
PROBES: Final = 6
VOTERS: Final = 250
"""Features of a query that vote, the strongest, evenly spread; all of them are verified."""
CANDIDATES: Final = 12
"""Verified at once; as long as they show what was sought the next as many are, up to eight times: a
picture may show many listed ones, and be listed many times."""
SUM: Final = 4
"""Bytes of the checksum at the end of a file."""
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

    What votes lies in shards: one that grows, and some that were read from files, which nothing
    changes any more. All are in memory: 40 bytes a feature, and twice that in the one that grows.
    """

    def __init__(self, read: Read) -> None:
        """`read` gives the features of listed pictures; one that it leaves out is gone."""
        self._read, self._lock = read, threading.RLock()
        self._sealed: list[Any] = []
        self._begin()

    def _begin(self) -> None:
        self._keys: list[int] = []
        self._number = self._trained_for = 0
        self._voting = _voting("IDMap,Flat")

    def __len__(self) -> int:
        """Pictures that are in no file."""
        return len(self._keys)

    def seal(self, file: Path) -> None:
        """Write what is in no file to this one, which `open` takes in its place."""
        import faiss

        with self._lock:
            if self._number > self._trained_for:
                self._train()
            new = file.with_suffix(".new")
            faiss.write_index(self._voting, str(new))
        with new.open("r+b") as written:
            written.write(checksum(written).to_bytes(SUM, "little"))
            written.flush()
            os.fsync(written.fileno())
        new.replace(file)

    def open(self, file: Path) -> None:
        """One more file that `seal` wrote; what was added and is in none is forgotten.

        Raises OSError where it cannot be read.
        """
        import faiss

        with file.open("rb") as whole:  # faiss takes what is wrong inside for features
            size = file.stat().st_size - SUM
            if checksum(whole, max(0, size)).to_bytes(SUM, "little") != whole.read():
                raise OSError(f"{file} is not what was written")
        try:
            shard: Any = faiss.read_index(str(file))
        except RuntimeError as error:
            raise OSError(f"{file} cannot be read") from error
        shard.nprobe = PROBES
        with self._lock:
            self._sealed.append(shard)
            self._begin()

    def add(self, pictures: Iterable[tuple[int, Features]]) -> None:
        """List these pictures under keys that are new."""
        with self._lock:
            for some in _at_once(pictures):
                self._keys += [key for key, _ in some]
                self._number += sum(len(one) for _, one in some)
                _fill(self._voting, some)
            if self._number >= max(TRAIN_AT, RETRAIN * self._trained_for):
                self._train()

    def search(self, query: Features) -> list[Found]:
        """Listed pictures that are verified in the query, most inliers first."""
        if not len(query):
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
            shards = [one for one in (*self._sealed, self._voting) if one.ntotal]
            if not shards:
                return []
            distances, keys = _nearest(shards, codes)
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
        for some in _at_once(self._listed(self._keys)):
            _fill(voting, some)
        self._voting, self._trained_for = voting, self._number

    def _listed(self, keys: list[int]) -> Iterator[tuple[int, Features]]:
        for start in range(0, len(keys), BATCH):
            yield from self._read(keys[start : start + BATCH]).items()


def checksum(file: IO[bytes], size: float = float("inf")) -> int:
    """Of the first `size` bytes, or of all, after which the file is read on."""
    found = 0
    while part := file.read(int(min(size, 1 << 20))):
        found, size = zlib.crc32(part, found), size - len(part)
    return found


def _voting(kind: str) -> Any:
    import faiss  # late: it takes 0.3 s, and the decoder's child never searches

    faiss.omp_set_num_threads(1)  # threads that wait for each other spin: all cores for one query
    return faiss.index_factory(128, kind)


def _nearest(shards: Sequence[Any], codes: NDArray[np.float32]) -> tuple[Any, Any]:
    """Squared distances and keys (n, at most NEIGHBOURS) of the nearest in all shards."""
    found = [one.search(codes, min(NEIGHBOURS, one.ntotal)) for one in shards]
    distances, keys = (np.concatenate(parts, axis=1) for parts in zip(*found, strict=True))
    order = np.argsort(distances, axis=1, kind="stable")[:, :NEIGHBOURS]
    return np.take_along_axis(distances, order, 1), np.take_along_axis(keys, order, 1)


def _at_once(pictures: Iterable[tuple[int, Features]]) -> Iterator[list[tuple[int, Features]]]:
    left = iter(pictures)
    return iter(lambda: list(islice(left, AT_ONCE)), [])


def _fill(voting: Any, pictures: Sequence[tuple[int, Features]]) -> None:
    codes = np.concatenate([one.codes() for _, one in pictures])
    if len(codes):
        keys = np.array([key for key, _ in pictures], dtype=np.int64)
        voting.add_with_ids(codes, np.repeat(keys, [len(one) for _, one in pictures]))
