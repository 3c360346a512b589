"""The reverse search: which pictures that were ever taken in resemble one that is newly listed.

So a bank that grows costs what was added, not what is on record: pictures that resemble nothing
new stay compared, up to the new version, and the others are compared anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max

from provenance.clearance.services import mark_stale
from provenance.models import Bank, Image, Screening
from provenance.screening import indexes

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from provenance.screening.looks import Look


@dataclass(frozen=True)
class Seen:
    """What a search among the pictures on record covered, and what it found."""

    last: int
    """The newest comparison made before the search: its picture was among those searched."""
    images: frozenset[uuid.UUID]
    """Those that resemble one of the looks."""


def resembling(looks: Iterable[Look]) -> Seen:
    """Search every picture on record for these looks. Slow: call it outside of transactions."""
    last = Screening.objects.aggregate(last=Max("pk"))["last"] or 0  # before the index is read
    found = indexes.corpus().resembling(looks)
    return Seen(last, frozenset(found))


def grown(version: int, seen: Seen, *, merely_claimed: bool) -> list[str]:
    """The bank grew to `version` by what was `seen`: in the transaction that locked the bank.

    Pictures that were searched and resemble nothing count as compared with the new version. Those
    that do, and those that came meanwhile, stay behind and are compared when they are next asked
    about. Returns the subjects whose decision must be made anew.
    """
    Bank.objects.update(version=version)
    compared = Screening.objects.filter(bank_version=version - 1, pk__lte=seen.last)
    compared.exclude(image__in=seen.images).update(bank_version=version)
    shas = Image.objects.filter(pk__in=seen.images).values_list("sha256", flat=True)
    return mark_stale(kind="image", refs=shas, merely_claimed=merely_claimed)
