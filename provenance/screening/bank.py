"""The protected works as one immutable search index, kept by this process until they change."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Max

from provenance.models import Bank, Protection
from provenance.screening.fingerprints import VERSION, Fingerprint
from provenance.screening.rules import Candidate, Screening, screen
from provenance.screening.search import Index, Row, rows_of

if TYPE_CHECKING:
    from datetime import datetime

    from provenance.models import Image

Key = tuple[int, int, "datetime | None"]


@dataclass(frozen=True)
class Snapshot:
    """All protections up to one version of the bank."""

    key: Key
    index: Index
    copies: dict[str, tuple[Candidate, ...]]
    """Protections by the sha256 of their normalised picture."""

    @property
    def version(self) -> int:
        return self.key[0]

    def screen(self, fingerprint: Fingerprint, normalised_sha256: str) -> Screening:
        """The decision for one picture; an equal picture counts before its looks."""
        copies = self.copies.get(normalised_sha256, ())
        equal = {copy.key for copy in copies}
        near = [c for c in self.index.query(fingerprint) if c.key not in equal]
        return screen(fingerprint.quality, (*copies, *near))


_lock = threading.Lock()
_kept: list[Snapshot] = []


def snapshot() -> Snapshot:
    """The bank as it is now: read again only when it has changed.

    The version is read before the rows, so a protection that is added meanwhile is at worst found
    under a version that does not promise it.
    """
    key = _key()
    with _lock:
        if not _kept or _kept[0].key != key:
            _kept[:] = [_load(key)]
        return _kept[0]


def fingerprint_of(image: Image) -> Fingerprint:
    """The stored fingerprint. Raises ValueError for one that was made by another route."""
    if image.fingerprint_version != VERSION:
        raise ValueError(f"{image} has fingerprints of {image.fingerprint_version}, not {VERSION}.")
    return Fingerprint(
        version=image.fingerprint_version,
        pdq=image.pdq,
        quality=image.quality,
        phash=image.phash,
        pdq_dihedral=tuple(image.pdq_dihedral),
        phash_dihedral=tuple(image.phash_dihedral),
        pdq_crops=tuple(image.pdq_crops),
        phash_crops=tuple(image.phash_crops),
    )


def _key() -> Key:
    """Number and date stand beside the version, so that another database is never taken for it."""
    version = Bank.current().version
    live = Protection.objects.filter(ended_at=None)
    seen = live.aggregate(number=Count("pk"), newest=Max("registered_at"))
    return version, seen["number"], seen["newest"]


def _load(key: Key) -> Snapshot:
    rows: list[Row] = []
    copies: dict[str, list[Candidate]] = defaultdict(list)
    live = Protection.objects.filter(ended_at=None, image__fingerprint_version=VERSION)
    for protection in live.order_by("pk").select_related("image"):
        protected, image = str(protection.pk), protection.image
        rows += rows_of(protected, fingerprint_of(image))
        copies[image.normalised_sha256].append(Candidate.copy_of(protected, image.quality))
    return Snapshot(key, Index(rows), {sha: tuple(found) for sha, found in copies.items()})
