"""Compare pictures with the banks and keep what was found, up to a version of the banks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q

from provenance.intake.decoding import PictureRefusedError, decode
from provenance.intake.services import limits
from provenance.models import Bank, BankEntry, Image, Match, Screening
from provenance.screening import bank
from provenance.screening.looks import look_of_decoded, looks_of
from provenance.screening.rules import Thresholds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from provenance.screening import rules
    from provenance.screening.looks import Look

BATCH: Final = 200
RULE: Final = Thresholds().version


@dataclass(frozen=True)
class Found:
    """One listed picture that the screened one resembles, however faintly."""

    entry: BankEntry
    match: rules.Match

    @property
    def work(self) -> str | None:
        """The protected work's id; None for what is on another bank."""
        protection = getattr(self.entry, "protection", None)
        return str(protection.work_id) if protection else None


@dataclass(frozen=True)
class Result:
    """The answer for bytes that are not on record; `found` is sorted, surest first."""

    outcome: str
    sentence: str
    found: tuple[Found, ...] = ()
    sha256: str = ""
    """Empty for bytes that are no picture."""


def ensure_screened(images: Iterable[Image]) -> None:
    """Compare whichever of `images` has not been compared with the banks as they are now.

    Idempotent. When the indexes cannot be read this raises, and the images stay unscreened: they
    are then "match unavailable", never clear. So do images without fingerprints of the present
    version. Call it outside of transactions.
    """
    version = Bank.current().version
    wanted = {image.pk for image in images}
    done = Q(screening__bank_version__gte=version, screening__rule_version=RULE)
    left = sorted(
        Image.objects.filter(pk__in=wanted).exclude(done).values_list("pk", flat=True), key=str
    )
    if not left:
        return
    banks = bank.current()
    for start in range(0, len(left), BATCH):
        looks = looks_of(Image.objects.filter(pk__in=left[start : start + BATCH]).order_by("pk"))
        _keep(banks, {image: banks.screen(look) for image, look in looks.items()})


@transaction.atomic
def _keep(banks: bank.Banks, results: Mapping[Image, rules.Screening]) -> None:
    """Of two that screened the same image, the one with the older banks leaves the newer result.

    Under the bank's lock, so that the rows appear in the order of their numbers: `indexes` follows.
    What was judged by thresholds that an operator has moved since is not kept: the reverse search
    would take it for a comparison that misses only what is new.
    """
    Bank.locked()
    if bank.bounds() != banks.bounds:
        return
    version = banks.version
    newer = set(
        Screening.objects.filter(
            image__in=results, bank_version__gt=version, rule_version=RULE
        ).values_list("image_id", flat=True)
    )
    kept = {image: result for image, result in results.items() if image.pk not in newer}
    Match.objects.filter(image__in=kept).delete()
    Match.objects.bulk_create(
        _match(image, match)
        for image, result in kept.items()
        for match in result.matches
        if match.outcome in Match.Outcome.values
    )
    for image, result in kept.items():
        Screening.objects.update_or_create(
            image=image,
            defaults={
                "bank_version": version,
                "rule_version": result.thresholds,
                "low_information": result.reason == "low_information",
            },
        )


def _match(image: Image, match: rules.Match) -> Match:
    return Match(
        image=image,
        entry_id=match.candidate.key,
        outcome=match.outcome,
        score=match.score,
        method=match.method,
        explanation=match.sentence,
        region=match.region,
    )


def screen_picture(data: bytes) -> Result:
    """Compare bytes with the banks; nothing of them is kept."""
    try:
        decoded = decode(data, limits())
    except PictureRefusedError as error:
        return Result("unreadable", error.sentence)
    return screen_look(look_of_decoded(decoded), bank.current())


def screen_look(look: Look, banks: bank.Banks) -> Result:
    """Compare a picture that is not on record with the banks; nothing of it is kept."""
    result = banks.screen(look)
    entries = BankEntry.objects.select_related("bank", "protection")
    known = entries.in_bulk([match.candidate.key for match in result.matches])
    found = (
        Found(known[match.candidate.key], match)
        for match in result.matches
        if match.candidate.key in known
    )
    return Result(result.outcome, result.sentence, tuple(found), look.sha256)
