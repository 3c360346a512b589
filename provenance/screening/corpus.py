"""The reverse search: which pictures that were ever taken in show what is newly listed.

So a bank that grows costs what was added, not what is on record. Copies of whole pictures are found
in the very transaction; parts of pictures by `search_back`, which a doorbell rings for. Until then
every gate compares for itself: a picture counts as compared up to the version that its row says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q

from ledger.outbox import ring
from provenance.clearance.services import mark_stale
from provenance.models import Bank, BankEntry, Exhibit, Image, Level, Match, MatchBank, Screening
from provenance.models import Features as FeaturesRow
from provenance.screening import indexes
from provenance.screening.bank import WITHIN
from provenance.screening.exact import packed
from provenance.screening.local import Features
from provenance.screening.looks import VERSION
from provenance.screening.services import RULE, ensure_screened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from provenance.screening.looks import Look

TASK: Final = "provenance.screening.tasks.search_back"


def grown(version: int, looks: Sequence[Look], *, merely_claimed: bool) -> list[str]:
    """The banks grew to `version` by these looks: in the transaction that locked the bank.

    Returns the subjects whose decision must be made anew.
    """
    Bank.objects.update(version=version)
    ring(TASK, "banks")
    shas = {look.normalised_sha256 for look in looks} - {""}
    alike = Q(screening__in=_copies([look.pdq for look in looks])) | Q(normalised_sha256__in=shas)
    refs = Image.objects.filter(alike).values_list("sha256", flat=True)
    return mark_stale(kind="image", refs=refs, merely_claimed=merely_claimed)


def exhibit(subject: str, pictures: Mapping[str, Image]) -> None:
    """From now on these pictures, by label, count as shown by `subject`, whatever that is.

    Its next decision rests on them too, and goes stale when a work is listed that they show.
    """
    rows = [Exhibit(subject=subject, label=label, image=one) for label, one in pictures.items()]
    Exhibit.objects.bulk_create(rows, ignore_conflicts=True)


def search_back() -> int:
    """Find what was listed since the last time in the pictures that were compared before.

    Those that resemble it, and those that this version cannot search yet, are compared anew, and
    decisions that rest on them go stale where that found something; all others count as compared.
    Returns how many were compared. Idempotent; of two at once the later one finds nothing left.
    Slow: call it outside of transactions.
    """
    bank = Bank.current()
    since, upto = bank.searched_version, bank.version
    if since >= upto:
        return 0
    indexes.listed.exact()  # raises where this version does not know all that is listed
    last = indexes.compared.reached()
    new = BankEntry.objects.filter(bank_version__gt=since, bank_version__lte=upto)
    unknown = Screening.objects.filter(pk__gt=last, bank_version__lt=upto)
    found = _resembling(new, since, upto) | set(unknown.values_list("image_id", flat=True))
    images = Image.objects.filter(pk__in=found)
    ensure_screened(images)
    with transaction.atomic():
        Bank.locked()
        behind = Screening.objects.filter(
            pk__lte=last, bank_version__gte=since, bank_version__lt=upto, rule_version=RULE
        )
        behind.exclude(image__in=images).update(bank_version=upto)
        Bank.objects.filter(searched_version__lt=upto).update(searched_version=upto)
        _question(new, images)
    return len(images)


def _question(new: QuerySet[BankEntry], images: QuerySet[Image]) -> None:
    """Decisions that rest on what was found go stale; what nobody proved only has them remade."""
    hits = Match.objects.filter(entry__in=new, image__in=images)
    proven = hits.filter(entry__protection__level__gte=Level.DOCUMENT_CHECKED)
    sure = set(proven.values_list("image__sha256", flat=True))
    mark_stale(kind="image", refs=sure)
    claimed = set(images.values_list("sha256", flat=True)) - sure
    mark_stale(kind="image", refs=claimed, merely_claimed=True)


def _resembling(new: QuerySet[BankEntry], since: int, upto: int) -> set[UUID]:
    """Ids of pictures that show a new entry, or rest on a negative one that ended."""
    rows = FeaturesRow.objects.filter(entry__in=new.filter(ended_version=None), version=VERSION)
    numbers = _copies([code for codes in rows.values_list("codes", flat=True) for code in codes])
    local = indexes.compared.local()
    for data in rows.exclude(data=b"").values_list("data", flat=True).iterator():
        numbers |= {found.key for found in local.search(Features.from_bytes(bytes(data)))}
    found = set(Screening.objects.filter(pk__in=numbers).values_list("image_id", flat=True))
    ended = BankEntry.objects.filter(
        bank__kind=MatchBank.Kind.NEGATIVE, ended_version__gt=since, ended_version__lte=upto
    )
    if ended.exists():
        discounted = Match.objects.filter(outcome=Match.Outcome.DISCOUNTED)
        found |= set(discounted.values_list("image_id", flat=True))
    return found


def _copies(codes: Sequence[str]) -> set[int]:
    """Numbers of comparisons of pictures that have one of these codes, turned or mirrored."""
    codes = [code for code in codes if code]
    if not codes:
        return set()
    found = indexes.compared.exact().search(packed(codes), WITHIN)
    return {int(number) for one in found for number in one.ids}
