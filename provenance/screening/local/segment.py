"""Nearest features among many: exact while there are few, by an inverted file from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import faiss
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXACT = 20_000
"""Features up to which each is compared."""
GROWTH = 4
"""The lists are made anew when the features have become so many times more."""
PROBES = 6
LARGE = 20_000_000
"""Features from which on they are quantised to 32 bytes instead of kept at 128."""
SIZE = 128
HASHED = 2
"""faiss's kind of direct map from numbers to features."""


class Segment:
    """Features by number. Removal is the caller's: numbers are never reused."""

    def __init__(self, index: Any = None) -> None:
        self.index = index or faiss.IndexIDMap2(faiss.IndexFlatL2(SIZE))
        self._next = EXACT if index is None else index.ntotal * GROWTH

    def __len__(self) -> int:
        return int(self.index.ntotal)

    def add(self, numbers: NDArray[np.int64], rows: NDArray[np.float32]) -> None:
        """`rows` (n, 128) by `numbers` (n,)."""
        self.index.add_with_ids(rows, numbers)
        if len(self) > self._next:
            self._grow()

    def nearest(
        self, rows: NDArray[np.float32], count: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Numbers and squared distances, each (n, count); number -1 where there is none."""
        squares, numbers = self.index.search(rows, count)
        return numbers, squares

    def _grow(self) -> None:
        numbers, rows = contents(self.index)
        self.index = inverted_file(rows)
        self.index.add_with_ids(rows, numbers)
        self._next = len(self) * GROWTH


def inverted_file(sample: NDArray[np.float32], expected: int = 0) -> Any:
    """An empty inverted file with lists learned from `sample`, for `expected` features."""
    expected = max(expected, len(sample))
    lists = int(2 ** np.clip(np.round(np.log2(4 * np.sqrt(expected))), 6, 16))
    lists = min(lists, max(1, len(sample) // 30))
    coarse: Any = faiss.IndexFlatL2(SIZE)
    if expected < LARGE:
        bytes_ = faiss.ScalarQuantizer.QT_8bit_direct
        metric = faiss.METRIC_L2
        index: Any = faiss.IndexIVFScalarQuantizer(coarse, SIZE, lists, bytes_, metric, False)
    else:
        index = faiss.IndexIVFPQ(coarse, SIZE, lists, 32, 8)
    coarse.this.disown()  # the inverted file owns its coarse index from here on
    index.own_fields = True
    index.nprobe = PROBES
    index.cp.niter, index.cp.seed, index.cp.max_points_per_centroid = 8, 1, 64
    index.train(sample)
    return index


def contents(index: Any) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """All numbers and features of an index that this module made."""
    if isinstance(index, faiss.IndexIDMap2):
        return faiss.vector_to_array(index.id_map), index.index.reconstruct_n(0, index.ntotal)
    lists = index.invlists
    numbers = [
        faiss.rev_swig_ptr(lists.get_ids(at), lists.list_size(at)).copy()
        for at in range(index.nlist)
        if lists.list_size(at)
    ]
    every = np.concatenate(numbers)
    index.set_direct_map_type(HASHED)
    return every, index.reconstruct_batch(every)
