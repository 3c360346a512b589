"""What this process searches with: the live bank entries, and the pictures that were compared.

Both follow a table whose rows are written under the bank's lock, so that they appear in the order
of their numbers and "every row up to this one" is a promise. Whole-picture codes lie in files that
all processes of a machine share; local features are held in the memory of each process that
searches them. Either is a cache: what it cannot vouch for is read from the database anew.
"""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from django.conf import settings

from ledger.signing import write_whole
from provenance.models import BankEntry, Features, Screening
from provenance.screening.exact import ExactIndex, IndexBroken, packed
from provenance.screening.exact.files import locked
from provenance.screening.fingerprints import VERSION as CODES_VERSION
from provenance.screening.local import VERSION, LocalIndex
from provenance.screening.local import Features as LocalFeatures

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from django.db.models import QuerySet

    from provenance.screening.exact import Codes
    from provenance.screening.exact.distances import Ids

BATCH: Final = 1_000
Mark = tuple[int, str]
"""A row's number, and what tells it from the row of that number in another database."""


class Rows:
    """A table that an index follows, by its rows' numbers."""

    name: str
    columns: tuple[str, str]
    """What makes a row's mark, and where its codes are."""

    def all(self) -> QuerySet[Any]:
        """Every row that ever was."""
        raise NotImplementedError

    def live(self) -> QuerySet[Any]:
        """Those that can be found."""
        raise NotImplementedError

    def newest(self) -> Mark:
        """The mark of the newest row; (0, "") where there is none."""
        row = self.all().order_by("-pk").values_list("pk", self.columns[0]).first()
        return (row[0], str(row[1])) if row else (0, "")

    def has(self, mark: Mark) -> bool:
        row = self.all().filter(pk=mark[0]).values_list(self.columns[0], flat=True).first()
        return mark == (0, "") or str(row) == mark[1]

    def codes(self, after: int, upto: int) -> tuple[Codes, Ids]:
        """PDQ codes (n, 32) and the numbers (n,) of the rows between."""
        rows = self.live().filter(pk__gt=after, pk__lte=upto).order_by("pk")
        pairs = [
            (code, number)
            for number, codes in rows.values_list("pk", self.columns[1]).iterator(BATCH)
            for code in ([codes] if isinstance(codes, str) else codes)
            if code
        ]
        numbers = np.array([number for _, number in pairs], dtype=np.int64)
        return packed(code for code, _ in pairs), numbers

    def numbers(self, after: int, upto: int) -> Sequence[int]:
        rows = self.live().filter(pk__gt=after, pk__lte=upto).order_by("pk")
        return list(rows.values_list("pk", flat=True))

    def read(self, numbers: Sequence[int]) -> dict[int, LocalFeatures]:
        """The features of these rows; those of another version or gone are left out."""
        return {
            number: LocalFeatures.from_bytes(bytes(data)).kept()
            for number, data in self.stored(numbers)
        }

    def stored(self, numbers: Sequence[int]) -> Iterable[tuple[int, Any]]:
        raise NotImplementedError


class Entries(Rows):
    """What is on the banks."""

    name = "listed"
    columns = ("added_at", "pdq")

    def all(self) -> QuerySet[Any]:
        return BankEntry.objects.all()

    def live(self) -> QuerySet[Any]:
        return BankEntry.objects.filter(ended_version=None)

    def stored(self, numbers: Sequence[int]) -> Iterable[tuple[int, Any]]:
        rows = self.live().filter(pk__in=numbers, features_version=VERSION)
        return rows.order_by("pk").values_list("pk", "features")


class Compared(Rows):
    """Pictures that were compared with the banks, each with the codes of its turned versions."""

    name = "compared"
    columns = ("image_id", "image__pdq_dihedral")

    def all(self) -> QuerySet[Any]:
        return Screening.objects.all()

    def live(self) -> QuerySet[Any]:
        return Screening.objects.filter(image__fingerprint_version=CODES_VERSION)

    def stored(self, numbers: Sequence[int]) -> Iterable[tuple[int, Any]]:
        rows = Features.objects.filter(image__screening__in=numbers, version=VERSION)
        return rows.order_by("pk").values_list("image__screening", "data")


class Follower:
    """The indexes of one table. Safe to use from several threads."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self._lock = threading.RLock()
        self._local, self._upto = LocalIndex(rows.read), (0, "")

    @property
    def folder(self) -> Path:
        return settings.INDEX_DIR / f"{self.rows.name}-{CODES_VERSION.replace('/', '-')}"

    def exact(self) -> ExactIndex:
        """Every code that was on record when this was called; made anew where it is damaged."""
        newest = self.rows.newest()
        index = self._opened()
        if index is not None and self._followed() == newest:
            return index
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder, "follow"):
            done = self._followed()
            if index is None or done is None or not self.rows.has(done) or done[0] > newest[0]:
                index = ExactIndex.build(self.folder, lambda: self.rows.codes(0, newest[0]))
            elif done[0] < newest[0]:
                index.add(*self.rows.codes(done[0], newest[0]))
            self._follow(newest)
        return index

    def _opened(self) -> ExactIndex | None:
        try:
            return ExactIndex(self.folder)
        except IndexBroken:
            return None

    def local(self) -> LocalIndex:
        """The features of every row that was on record when this was called."""
        newest = self.rows.newest()
        with self._lock:
            if not self.rows.has(self._upto):
                self._local, self._upto = LocalIndex(self.rows.read), (0, "")
            if self._upto[0] < newest[0]:
                self._local.add(self._features(self._upto[0], newest[0]))
                self._upto = newest
            return self._local

    def forget(self) -> None:
        """Rows were changed in place: read all of them anew at the next search."""
        (self.folder / "followed.json").unlink(missing_ok=True)
        with self._lock:
            self._local, self._upto = LocalIndex(self.rows.read), (0, "")

    def _features(self, after: int, upto: int) -> Iterator[tuple[int, LocalFeatures]]:
        numbers = self.rows.numbers(after, upto)
        for start in range(0, len(numbers), BATCH):
            yield from self.rows.read(numbers[start : start + BATCH]).items()

    def _followed(self) -> Mark | None:
        """Up to which row the files are complete; None where they do not say."""
        try:
            number, mark = json.loads((self.folder / "followed.json").read_bytes())
        except (OSError, ValueError, TypeError):
            return None
        return int(number), str(mark)

    def _follow(self, mark: Mark) -> None:
        """After the index's own write: a crash in between adds the same rows twice, harmlessly."""
        write_whole(self.folder / "followed.json", json.dumps(mark).encode(), durable=False)


listed = Follower(Entries())
compared = Follower(Compared())
