"""The index that a caller opens: a snapshot and the journal since, followed as they change."""

from __future__ import annotations

import os
import threading
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from provenance.screening.exact import files, journal, snapshot
from provenance.screening.exact.distances import WIDEST, as_codes, as_words, between, scan
from provenance.screening.exact.files import IndexBroken
from provenance.screening.exact.snapshot import Hits, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from provenance.screening.exact.distances import Codes, Ids

COMPACT_AFTER = 50_000
"""Records in the journal, each of which every query looks at, beyond which to compact."""


class Found(NamedTuple):
    """What is within the distance of one query: by distance, then id."""

    ids: Ids
    distances: NDArray[np.uint16]


class _State(NamedTuple):
    """What one process knows of the files; never changed, only replaced."""

    stamp: tuple[int, int]
    generation: int
    snapshot: Snapshot
    read: int
    records: NDArray[np.void]
    added: NDArray[np.void]
    gone: Ids


class ExactIndex:
    """Ids of pictures by their codes, in one folder that many processes read and write.

    An id may have several codes. May be shared by threads. Opening and searching raise
    IndexBroken when the files cannot be relied on.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, threading.Lock()
        self._state = self._opened()

    @classmethod
    def build(cls, folder: Path, read: Callable[[], tuple[Codes, Ids]]) -> ExactIndex:
        """Make a new snapshot of what `read` returns, whatever state the folder is in.

        What other processes journal from now on stays; `read` is called after that is so.
        """
        folder.mkdir(parents=True, exist_ok=True)
        with files.locked(folder, "build"):
            with files.locked(folder, "write"):
                since = _journaled(folder)
            _replace(folder, *read(), since)
        return cls(folder)

    def compact(self) -> None:
        """Merge the journal into a new snapshot; others read and write on meanwhile."""
        with files.locked(self._folder, "build"):
            state = self._fresh()
            words, ids = state.snapshot.everything()
            stay = ~np.isin(ids, state.gone)
            codes = np.concatenate((words.view(np.uint8)[stay], state.added["code"]))
            ids = np.concatenate((ids[stay], state.added["id"]))
            _replace(self._folder, codes, ids, (state.generation, state.read))

    @property
    def due(self) -> bool:
        """Whether the journal has grown so long that compacting pays."""
        return len(self._fresh().records) > COMPACT_AFTER

    def add(self, codes: Codes, ids: Ids) -> None:
        """Let each id (n,) have a code (n, 32) more; all or none, on disk when it returns."""
        _alike(codes, ids)
        records = np.zeros(len(ids), journal.RECORD)
        records["id"], records["add"], records["code"] = ids, 1, as_codes(codes)
        self._append(records)

    def delete(self, ids: Ids) -> None:
        """Take away all codes that these ids have so far; unknown ids are no error."""
        records = np.zeros(len(ids), journal.RECORD)
        records["id"] = ids
        self._append(records)

    def search(self, codes: Codes, within: int = 31) -> list[Found]:
        """For each query (q, 32) every id with a code within the distance, each id once.

        Ask for the turned versions of a picture in one call. Raises ValueError for a distance above
        WIDEST. Above 31 it costs more keys: about 14 times as many at 45.
        """
        if not 0 <= within <= WIDEST:
            raise ValueError(f"A distance is from 0 to {WIDEST}, not {within}.")
        codes, state = as_codes(codes), self._fresh()
        if not len(codes):
            return []
        old = state.snapshot.search(codes, within)
        if state.gone.size:
            stay = ~np.isin(old.ids, state.gone)
            old = Hits(old.query[stay], old.ids[stay], old.distances[stay])
        new = _among(state.added, codes, within)
        hits = Hits(
            np.concatenate((old.query, new.query)),
            np.concatenate((old.ids, new.ids)),
            np.concatenate((old.distances, new.distances)),
        )
        return _by_query(hits, len(codes))

    def verify(self) -> None:
        """Read the whole snapshot and compare its checksum. Raises IndexBroken."""
        state = self._fresh()
        if files.read_manifest(self._folder).generation != state.generation:
            return self.verify()
        if state.snapshot.checksum() != files.read_manifest(self._folder).crc32:
            raise IndexBroken(self._folder, "has a snapshot whose checksum is wrong")
        return None

    def _append(self, records: NDArray[np.void]) -> None:
        if not len(records):
            return
        with files.locked(self._folder, "write"):  # under it the generation does not change
            generation = files.read_manifest(self._folder).generation
            try:
                journal.append(files.journal_path(self._folder, generation), records)
            except (FileNotFoundError, journal.Damaged) as error:
                raise _broken(self._folder, error) from error

    def _fresh(self) -> _State:
        """What the files say now: two looks at them where nothing has changed."""
        with self._lock:
            try:
                if self._state.stamp == _stamp(self._folder):
                    self._state = self._followed(self._state)
                    return self._state
            except FileNotFoundError:
                pass  # compacted away between the two looks; or broken, which opening will say
            self._state = self._opened()
            return self._state

    def _opened(self) -> _State:
        while True:
            manifest = files.read_manifest(self._folder)
            try:
                stamp = _stamp(self._folder)
                if files.read_manifest(self._folder) != manifest:
                    continue
                mapped = Snapshot(self._folder, manifest)
                none = np.empty(0, journal.RECORD)
                state = _State(
                    stamp, manifest.generation, mapped, journal.EMPTY, none, none, none["id"]
                )
                return self._followed(state)
            except FileNotFoundError as error:
                # Either replaced since the manifest was read, then look again; or truly missing.
                if files.read_manifest(self._folder) == manifest:
                    raise _broken(self._folder, error) from None

    def _followed(self, state: _State) -> _State:
        """The state with what the journal holds beyond it. Raises FileNotFoundError."""
        path = files.journal_path(self._folder, state.generation)
        try:
            with files.opened(path, os.O_RDONLY) as file:
                end = journal.committed(file)
                if end == state.read:
                    return state
                records = journal.read(file, state.read, end)
        except journal.Damaged as error:
            raise _broken(self._folder, error) from error
        records = np.concatenate((state.records, records))
        added, gone = _played(records)
        return state._replace(read=end, records=records, added=added, gone=gone)


def _stamp(folder: Path) -> tuple[int, int]:
    found = (folder / files.MANIFEST).stat()
    return found.st_ino, found.st_mtime_ns


def _broken(folder: Path, error: Exception) -> IndexBroken:
    if isinstance(error, FileNotFoundError):
        return IndexBroken(folder, f"lacks its file {os.path.basename(error.filename)}")  # noqa: PTH119
    return IndexBroken(folder, str(error))


def _journaled(folder: Path) -> tuple[int, int] | None:
    """The current generation and how long its journal is; None where nothing can be kept."""
    try:
        generation = files.read_manifest(folder).generation
        with files.opened(files.journal_path(folder, generation), os.O_RDONLY) as file:
            return generation, journal.committed(file)
    except (IndexBroken, FileNotFoundError, journal.Damaged):
        return None


def _replace(folder: Path, codes: Codes, ids: Ids, since: tuple[int, int] | None) -> None:
    """Put a new generation in place, with the journal that grew beyond `since` meanwhile."""
    _alike(codes, ids)
    generation = files.next_generation(folder)
    made = snapshot.write(folder, generation, as_codes(codes), ids.astype(np.int64))
    with files.locked(folder, "write"):
        frames, now = b"", _journaled(folder)
        if since and now and since[0] == now[0]:
            with files.opened(files.journal_path(folder, since[0]), os.O_RDONLY) as file:
                frames = os.pread(file, now[1] - since[1], since[1])
        journal.create(files.journal_path(folder, generation), frames)
        files.write_manifest(folder, made)
        files.sweep(folder, generation)


def _alike(codes: Codes, ids: Ids) -> None:
    if len(codes) != len(ids):
        raise ValueError(f"There are {len(codes)} codes and {len(ids)} ids.")


def _played(records: NDArray[np.void]) -> tuple[NDArray[np.void], Ids]:
    """The additions that no later deletion undid, and the ids deleted at least once."""
    place = np.arange(len(records))
    deleted = records["add"] == 0
    gone, backwards = np.unique(records["id"][deleted][::-1], return_index=True)
    last = place[deleted][::-1][backwards]
    added = place[~deleted]
    if gone.size:
        at = np.minimum(np.searchsorted(gone, records["id"][added]), len(gone) - 1)
        added = added[(gone[at] != records["id"][added]) | (last[at] < added)]
    return records[added], gone


def _among(added: NDArray[np.void], codes: Codes, within: int) -> Hits:
    """Search the journal by looking at all of it."""
    words, queries = as_words(added["code"]), as_words(codes)
    rows = [scan(words, query, within) for query in queries]
    query = np.repeat(np.arange(len(codes)), [len(some) for some in rows])
    row = np.concatenate(rows)
    return Hits(query, added["id"][row], between(words[row], queries[query]))


def _by_query(hits: Hits, queries: int) -> list[Found]:
    """Sort by query, distance and id, and keep the nearest code of each id."""
    order = np.lexsort((hits.distances, hits.ids, hits.query))
    query, ids = hits.query[order], hits.ids[order]
    first = np.ones(len(order), bool)
    first[1:] = (query[1:] != query[:-1]) | (ids[1:] != ids[:-1])
    order = order[first]
    order = order[np.lexsort((hits.ids[order], hits.distances[order], hits.query[order]))]
    ends = np.searchsorted(hits.query[order], np.arange(queries + 1))
    spans = [order[low:high] for low, high in pairwise(ends)]
    return [Found(hits.ids[span], hits.distances[span]) for span in spans]
