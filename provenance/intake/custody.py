"""The hands through which a copy went, in order. They tell of the copy and permit nothing."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from provenance.models import CustodyEntry, SetImage

LONGEST = {"who": 200, "source_url": 500, "note": 300}


def uploaded(item: SetImage, by: str) -> None:
    """Written when a picture is put into a set, after where it was collected, if that is told."""
    collected(item)
    CustodyEntry.objects.create(
        item=item, kind=CustodyEntry.Kind.UPLOADED, who=by, on=timezone.now().date()
    )


def collected(item: SetImage, *, on: date | None = None) -> None:
    """Written when collector or source are told; told again, it is added, and nothing is lost."""
    if not (item.collector or item.source_url):
        return
    CustodyEntry.objects.create(
        item=item,
        kind=CustodyEntry.Kind.COLLECTED,
        who=item.collector[: LONGEST["who"]],
        source_url=item.source_url,
        on=on or item.collected_on,
    )


def history(item: SetImage) -> list[CustodyEntry]:
    """The entries in the order in which things happened, as far as dates tell; else as told.

    What is told without a date happened before the copy was here, whenever it was told.
    """
    before = (CustodyEntry.Kind.COLLECTED, CustodyEntry.Kind.HANDED_OVER)
    return sorted(
        item.custody.all(),
        key=lambda e: (e.on or date.min, e.kind not in before, e.recorded_at, e.pk),
    )
