"""What this process searches with: the live bank entries, and the pictures that were compared.

Both follow a table whose rows are written under the bank's lock, so that they appear in the order
of their numbers and "every row up to this one" is a promise. Whole-picture codes lie in files that
all processes of a machine share. Local features are in the memory of each process that searches
them, which reads most of them from files that any process wrote. Either is a cache: what it cannot
vouch for is read from the database anew.
"""

from __future__ import annotations

import hashlib
import json
import threading
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.text import slugify

from ledger.signing import write_whole
from provenance.models import BankEntry, Features, Screening
from provenance.screening.exact import ExactIndex, IndexBroken, packed
from provenance.screening.exact.files import locked
from provenance.screening.local import Features as LocalFeatures
from provenance.screening.local import LocalIndex
from provenance.screening.local.index import SHARD
from provenance.screening.looks import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from django.db.models import QuerySet

    from provenance.screening.exact import Codes
    from provenance.screening.exact.distances import Ids

BATCH: Final = 1_000
Mark = tuple[int, str]
"""A row's number, and what tells it from the row of that number in another database."""


class Lacking(IndexBroken):
    """There are listed pictures that this version has no fingerprints of."""

    def __init__(self) -> None:
        Exception.__init__(
            self, "Listed pictures lack fingerprints of this version. Run manage.py refingerprint."
        )


class Rows:
    """A table that an index follows, by its rows' numbers, as far as this version knows them."""

    name: str
    marked_by: str
    """The column that makes a row's mark."""
    key: str
    """The way from `Features` to a row's number."""

    def all(self) -> QuerySet[Any]:
        """Every row that ever was."""
        raise NotImplementedError

    def lacking(self) -> QuerySet[Any]:
        """Rows without fingerprints of this version that should have some."""
        raise NotImplementedError

    def known(self) -> QuerySet[Features]:
        """Fingerprints of all rows, those that have ended too: a backup may have them alive."""
        return Features.objects.filter(version=VERSION, **{f"{self.key}__isnull": False})

    def newest(self, below: float = float("inf")) -> Mark:
        """The mark of the newest row; (0, "") where there is none."""
        rows = self.all() if below == float("inf") else self.all().filter(pk__lt=below)
        row = rows.order_by("-pk").values_list("pk", self.marked_by).first()
        return (row[0], str(row[1])) if row else (0, "")

    def has(self, mark: Mark) -> bool:
        row = self.all().filter(pk=mark[0]).values_list(self.marked_by, flat=True).first()
        return mark == (0, "") or str(row) == mark[1]

    def complete(self, after: int, upto: Mark) -> Mark:
        """The last row up to which none lacks fingerprints, if none up to `after` does."""
        lacking = self.lacking().filter(pk__gt=after, pk__lte=upto[0]).order_by("pk").first()
        return upto if lacking is None else self.newest(below=lacking.pk)

    def codes(self, after: int, upto: int) -> tuple[Codes, Ids]:
        """PDQ codes (n, 32) and the numbers (n,) of the rows between."""
        rows = self._between(after, upto).values_list(self.key, "codes").iterator(BATCH)
        pairs = [(code, number) for number, codes in rows for code in codes]
        numbers = np.array([number for _, number in pairs], dtype=np.int64)
        return packed(code for code, _ in pairs), numbers

    def numbers(self, after: int, upto: int) -> Sequence[int]:
        return list(self._between(after, upto).values_list(self.key, flat=True))

    def _between(self, after: int, upto: int) -> QuerySet[Features]:
        between = {f"{self.key}__gt": after, f"{self.key}__lte": upto}
        return self.known().filter(**between).order_by(self.key)

    def read(self, numbers: Sequence[int]) -> dict[int, LocalFeatures]:
        """The features of these rows; those that have none or are gone are left out.

        Raises Lacking where they were dropped since: what shows one of these would be clear.
        """
        rows = self.known().filter(**{f"{self.key}__in": numbers}).exclude(data=b"")
        found = {
            number: LocalFeatures.from_bytes(bytes(data)).kept()
            for number, data in rows.order_by(self.key).values_list(self.key, "data")
        }
        gone = set(numbers) - found.keys()
        if gone and self.lacking().filter(pk__in=gone).exists():
            raise Lacking
        return found


class Entries(Rows):
    """What is on the banks."""

    name, marked_by, key = "listed", "added_at", "entry"

    def all(self) -> QuerySet[Any]:
        return BankEntry.objects.all()

    def lacking(self) -> QuerySet[Any]:
        made = Features.objects.filter(entry=OuterRef("pk"), version=VERSION)
        return BankEntry.objects.filter(~Exists(made), ended_version=None)

    def complete(self, after: int, upto: Mark) -> Mark:
        """Raises Lacking instead of leaving rows out: what shows one of them would be clear."""
        if super().complete(after, upto) != upto:
            raise Lacking
        return upto


class Compared(Rows):
    """Pictures that were compared with the banks, each with the codes of its turned versions."""

    name, marked_by, key = "compared", "image_id", "image__screening"

    def all(self) -> QuerySet[Any]:
        return Screening.objects.all()

    def lacking(self) -> QuerySet[Any]:
        made = Features.objects.filter(image=OuterRef("image"), version=VERSION)
        return Screening.objects.filter(~Exists(made))


class Follower:
    """The indexes of one table. Safe to use from several threads."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self._lock = threading.RLock()
        self._forget()

    def _forget(self) -> None:
        self._local, self._upto = LocalIndex(self.rows.read), (0, "")
        self._sealed_upto: Mark = (0, "")

    @property
    def folder(self) -> Path:
        return settings.INDEX_DIR / f"{self.rows.name}-{slugify(VERSION.replace('/', '-'))}"

    def exact(self) -> ExactIndex:
        """Every code that was on record when this was called; made anew where it is damaged."""
        newest, index = self.rows.newest(), self._opened()
        if index is not None and self._followed() == newest:
            return index
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder, "follow"):
            done = self._followed()
            if index is None or done is None or not self.rows.has(done) or done[0] > newest[0]:
                newest = self.rows.complete(0, newest)
                index = ExactIndex.build(self.folder, lambda: self.rows.codes(0, newest[0]))
            else:
                newest = self.rows.complete(done[0], newest)
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
                self._forget()
            if self._upto[0] < newest[0]:
                self._grow(self.rows.complete(self._upto[0], newest))
            return self._local

    def _grow(self, newest: Mark) -> None:
        """Take the files that any process sealed, then read rows; when they are many, seal one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not len(self._local):
            self._take_sealed()
        numbers = self.rows.numbers(self._upto[0], newest[0])
        for start in range(0, len(numbers), BATCH):
            some = numbers[start : start + BATCH]
            self._local.add(self.rows.read(some).items())
            self._upto = self.rows.newest(below=some[-1] + 1)
            if len(self._local) >= SHARD:
                with locked(self.folder, "seal"):
                    if not self._next_sealed():
                        self._local.seal(self._file(self._upto))
                self._take_sealed()
                return self._grow(newest)
        self._upto = max(self._upto, newest)
        return None

    def _take_sealed(self) -> None:
        while found := self._next_sealed():
            file, mark = found
            try:
                self._local.open(file)
            except OSError:  # it is made anew
                file.unlink(missing_ok=True)
                return
            self._upto = self._sealed_upto = mark

    def _next_sealed(self) -> tuple[Path, Mark] | None:
        """The file that follows those in use, and the row that it ends with."""
        for file in self.folder.glob(f"features-{self._sealed_upto[0]}-*.faiss"):
            mark = self.rows.newest(below=int(file.stem.split("-")[2]) + 1)
            if file == self._file(mark):
                return file, mark
        return None

    def _file(self, upto: Mark) -> Path:
        """Of the rows after those that are in files; another database gives it another name."""
        told = hashlib.sha256(upto[1].encode()).hexdigest()[:16]
        return self.folder / f"features-{self._sealed_upto[0]}-{upto[0]}-{told}.faiss"

    def reached(self) -> int:
        """The number of the last row up to which every one can be found."""
        self.exact(), self.local()
        followed = self._followed()
        return min(followed[0], self._upto[0]) if followed else 0

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
