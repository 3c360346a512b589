"""The sorted, unchanging part of the index: one file, mapped into memory and so shared.

Equal codes are one row, so that 100,000 copies of one picture cost one comparison. For each band
`order` lists the rows by their key, and `offsets` says where each key's rows begin.
"""

from __future__ import annotations

import mmap
import os
import zlib
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from provenance.screening.exact import files
from provenance.screening.exact.bands import Plan, keys_of, plan_for, probes
from provenance.screening.exact.distances import BYTES, as_words, between, scan
from provenance.screening.exact.files import IndexBroken, Manifest

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from provenance.screening.exact.distances import Codes, Ids, Places, Words

MOST_ROWS = 390_000_000
"""Places in `order` are 32-bit numbers."""
_AT_ONCE = 1 << 17
"""Keys looked up, or rows compared, at a time: what they need stays within a few megabytes."""
_SCAN_INSTEAD = 8
"""Looking at one row by its number costs about as much as passing this many one after another."""
_LOOK_UP_FROM = 2.0
"""Codes for each key to look up, below which looking at all codes is faster."""


class Hits(NamedTuple):
    """Numbers of queries and ids with a code near them, and the distances: each of shape (hits,).

    Not sorted; an id with several codes may be there several times.
    """

    query: Places
    ids: Ids
    distances: NDArray[np.uint16]


def write(folder: Path, generation: int, codes: Codes, ids: Ids) -> Manifest:
    """Write the snapshot of codes (n, 32) and their ids (n,).

    The caller puts the manifest in place. See the decision record for time and memory.
    """
    codes, ids, extra_rows, extra_ids = _grouped(codes, ids)
    rows, plan = len(codes), plan_for(len(codes))
    if rows > MOST_ROWS:
        raise ValueError(f"At most {MOST_ROWS:,} different codes fit into one index.")
    size = check = 0
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with files.opened(files.snapshot_path(folder, generation), flags) as file:

        def put(part: NDArray[np.generic]) -> None:
            nonlocal size, check
            data = np.ascontiguousarray(part).view(np.uint8).reshape(-1).data
            files.write_all(file, data)
            size, check = size + len(data), zlib.crc32(data, check)

        for part in (codes, ids, extra_ids):
            put(part)
        offsets = np.zeros(plan.keys + 1, np.uint32)
        for band in range(plan.bands):
            put(_order(plan, codes, band, offsets))
        put(offsets)
        put(extra_rows)
        os.fsync(file)
    return Manifest(
        generation=generation,
        rows=rows,
        extras=len(extra_ids),
        bands=plan.bands,
        width=plan.width,
        bytes=size,
        crc32=check,
    )


def _order(plan: Plan, codes: Codes, band: int, offsets: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The rows (n,) by their key in one band; fills in where each of the band's keys begins."""
    first, rows = band << plan.width, len(codes)
    keys = keys_of(plan, codes, band)
    counts = np.bincount(keys - first, minlength=1 << plan.width)
    offsets[first + 1 : first + counts.size + 1] = band * rows + counts.cumsum()
    # Key and row in one number: sorting numbers is several times as fast as sorting by a key.
    keys <<= 32
    keys |= np.arange(rows)
    keys.sort()
    return keys.astype(np.uint32)


def _grouped(codes: Codes, ids: Ids) -> tuple[Codes, Ids, NDArray[np.uint32], Ids]:
    """Different codes in their order, one id of each; then the rows and ids of all the others."""
    words = as_words(codes)
    order = np.argsort(words[:, 0], kind="stable")
    first = words[order, 0]
    same = np.concatenate(([False], first[1:] == first[:-1]))[: len(order)]
    tied = same.copy()
    tied[:-1] |= same[1:]
    part = order[tied]
    sort_by = (ids[part], *(words[part, word] for word in (3, 2, 1, 0)))
    order[tied] = part[np.lexsort(sort_by)]
    codes, ids = codes[order], ids[order]
    words = as_words(codes)
    same[1:] = same[1:] & (words[1:] == words[:-1]).all(axis=1)
    row = np.cumsum(~same) - 1
    again = same.copy()
    again[1:] &= ids[1:] == ids[:-1]  # a code given twice for one id
    extra = same & ~again
    return codes[~same], ids[~same], row[extra].astype(np.uint32), ids[extra]


class Snapshot:
    """Immutable; may be shared by threads, and by processes through the page cache."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        rows, extras = manifest.rows, manifest.extras
        self._plan = Plan(manifest.bands, manifest.width)
        places = self._plan.bands * rows
        with files.opened(files.snapshot_path(folder, manifest.generation), os.O_RDONLY) as file:
            size = os.fstat(file).st_size
            expected = (BYTES + 8) * rows + 12 * extras + 4 * (places + self._plan.keys + 1)
            if size != manifest.bytes or size != expected:
                raise IndexBroken(folder, f"has a snapshot of {size} bytes, not {manifest.bytes}")
            self._map = mmap.mmap(file, size, access=mmap.ACCESS_READ)
        kinds = np.uint64, np.int64, np.int64, np.uint32, np.uint32, np.uint32
        counts = 4 * rows, rows, extras, places, self._plan.keys + 1, extras
        parts: list[NDArray[Any]] = []
        at = 0
        for kind, count in zip(kinds, counts, strict=True):
            parts.append(np.frombuffer(self._map, kind, count, at))
            at += parts[-1].nbytes
        self._words: Words = parts[0].reshape(-1, 4)
        self._ids: Ids = parts[1]
        self._extra_ids: Ids = parts[2]
        self._order: NDArray[np.uint32] = parts[3]
        self._offsets: NDArray[np.uint32] = parts[4]
        self._extra_rows: NDArray[np.uint32] = parts[5]

    def checksum(self) -> int:
        """Reads all of the file."""
        return zlib.crc32(self._map)

    def everything(self) -> tuple[Words, Ids]:
        """All codes, equal ones as often as they have ids, and their ids."""
        extra = self._words[self._extra_rows]
        return np.concatenate((self._words, extra)), np.concatenate((self._ids, self._extra_ids))

    def search(self, codes: Codes, within: int) -> Hits:
        """Every id with a code within the distance of a query (q, 32)."""
        band, mask = probes(self._plan, within)
        if len(self._words) < len(band) * _LOOK_UP_FROM:
            return self._expanded(*self._scanned(as_words(codes), np.arange(len(codes)), within))
        step = max(1, _AT_ONCE // len(band))
        found = [
            self._looked_up(codes[at : at + step], band, mask, within)
            for at in range(0, len(codes), step)
        ]
        steps = range(0, len(codes), step)
        query = np.concatenate([one[0] + at for one, at in zip(found, steps, strict=True)])
        return self._expanded(query, *(np.concatenate([one[n] for one in found]) for n in (1, 2)))

    def _looked_up(
        self, codes: Codes, band: Places, mask: Places, within: int
    ) -> tuple[Places, Places, NDArray[np.uint16]]:
        """Queries, rows and distances of all codes near a few queries, each pair once."""
        words = as_words(codes)
        keys = np.stack([keys_of(self._plan, codes, b) for b in range(self._plan.bands)], axis=1)
        probe = (keys[:, band] ^ mask).reshape(-1)
        start = self._offsets.take(probe)
        count = self._offsets.take(probe + 1) - start
        most = int(len(self._words) / _SCAN_INSTEAD)
        heavy = np.flatnonzero(count.reshape(len(codes), -1).sum(axis=1, dtype=np.int64) > most)
        if heavy.size:
            count.reshape(len(codes), -1)[heavy] = 0
        used = np.flatnonzero(count)
        found = [self._scanned(words, heavy, within)] if heavy.size else []
        found += self._compared(words, used // len(band), start[used], count[used], within)
        query, rows, distances = (np.concatenate([one[n] for one in found]) for n in range(3))
        # A code is found once for each band that it shares with the query.
        once = np.unique(query * len(self._words) + rows, return_index=True)[1]
        return query[once], rows[once], distances[once]

    def _compared(
        self,
        words: Words,
        query: Places,
        start: NDArray[np.uint32],
        count: NDArray[np.uint32],
        within: int,
    ) -> list[tuple[Places, Places, NDArray[np.uint16]]]:
        """Compare queries with the rows of the buckets beginning at `start`, a part at a time."""
        ends = np.cumsum(count, dtype=np.int64)
        total = int(ends[-1]) if ends.size else 0
        cuts = np.searchsorted(ends, np.arange(0, total, _AT_ONCE), side="left")
        cuts = np.unique(np.append(cuts, len(ends)))
        cuts[0] = 0
        found = []
        for low, high in pairwise(cuts):
            some = count[low:high]
            before = ends[low:high] - some
            place = np.repeat(start[low:high] - before, some)
            place += np.arange(before[0], before[0] + len(place))
            rows = self._order.take(place)
            asked = np.repeat(query[low:high], some)
            distances = between(self._words.take(rows, axis=0), words.take(asked, axis=0))
            near = np.flatnonzero(distances <= within)
            found.append((asked[near], rows[near].astype(np.int64), distances[near]))
        none = np.empty(0, np.int64)
        return found or [(none, none, none.astype(np.uint16))]

    def _scanned(
        self, words: Words, queries: Places, within: int
    ) -> tuple[Places, Places, NDArray[np.uint16]]:
        """The same for some of the queries by looking at every code: the most it ever costs."""
        rows = [scan(self._words, words[one], within) for one in queries]
        query = np.repeat(queries, [len(some) for some in rows])
        row = np.concatenate(rows) if rows else np.empty(0, np.int64)
        return query, row, between(self._words[row], words[query])

    def _expanded(self, query: Places, rows: Places, distances: NDArray[np.uint16]) -> Hits:
        """From rows to ids: the first of each, then those that have the same code."""
        low = np.searchsorted(self._extra_rows, rows.astype(np.uint32), side="left")
        more = np.searchsorted(self._extra_rows, rows.astype(np.uint32), side="right") - low
        place = np.repeat(low - (np.cumsum(more) - more), more) + np.arange(more.sum())
        return Hits(
            np.concatenate((query, np.repeat(query, more))),
            np.concatenate((self._ids[rows], self._extra_ids[place])),
            np.concatenate((distances, np.repeat(distances, more))),
        )
