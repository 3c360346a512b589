"""Compare pictures with every protected work and keep what was found, up to a bank version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q

from provenance.intake.decoding import Decoded, PictureRefusedError, decode
from provenance.intake.services import limits
from provenance.models import Image, Match, Protection, Screening
from provenance.screening import bank
from provenance.screening.rules import Thresholds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provenance.screening import rules

BATCH: Final = 200


@dataclass(frozen=True)
class Found:
    """One protected picture that the screened one resembles, however faintly."""

    protection: Protection
    match: rules.Match


@dataclass(frozen=True)
class Result:
    """The answer for bytes that are not on record; `found` is sorted, surest first."""

    outcome: str
    sentence: str
    found: tuple[Found, ...] = ()
    sha256: str = ""
    """Empty for bytes that are no picture."""


def ensure_screened(images: Iterable[Image]) -> None:
    """Compare whichever of `images` has not been compared with the bank as it is now.

    Idempotent. When the index cannot be read this raises, and the images stay unscreened: they are
    then "match unavailable", never clear. Call it outside of transactions.
    """
    current = bank.snapshot()
    wanted = {image.pk for image in images}
    done = Q(
        screening__bank_version__gte=current.version,
        screening__rule_version=Thresholds().version,
    )
    left = sorted(
        Image.objects.filter(pk__in=wanted).exclude(done).values_list("pk", flat=True), key=str
    )
    for start in range(0, len(left), BATCH):
        chosen = Image.objects.filter(pk__in=left[start : start + BATCH]).order_by("pk")
        results = [(image, _screen(current, image)) for image in chosen]
        _keep(current.version, results)


def _screen(current: bank.Snapshot, image: Image) -> rules.Screening:
    return current.screen(bank.fingerprint_of(image), image.normalised_sha256)


@transaction.atomic
def _keep(version: int, results: list[tuple[Image, rules.Screening]]) -> None:
    """Of two that screened the same image, the one with the older bank leaves the newer result."""
    ids = [image.pk for image, _ in results]
    list(Image.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    newer = set(
        Screening.objects.filter(image__in=ids, bank_version__gt=version).values_list(
            "image_id", flat=True
        )
    )
    results = [(image, result) for image, result in results if image.pk not in newer]
    Match.objects.filter(image__in=[image.pk for image, _ in results]).delete()
    Match.objects.bulk_create(
        _match(image, match)
        for image, result in results
        for match in result.matches
        if match.outcome in Match.Outcome.values
    )
    for image, result in results:
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
        protection_id=match.candidate.key,
        outcome=match.outcome,
        score=match.score,
        method=match.method,
        explanation=match.sentence,
    )


def screen_picture(data: bytes) -> Result:
    """Compare bytes with the bank; nothing of them is kept."""
    try:
        decoded = decode(data, limits())
    except PictureRefusedError as error:
        return Result("unreadable", error.sentence)
    return screen_decoded(decoded)


def screen_decoded(decoded: Decoded) -> Result:
    """Compare a decoded picture with the bank; nothing of it is kept."""
    result = bank.snapshot().screen(decoded.fingerprint, decoded.normalised_sha256)
    known = Protection.objects.select_related("work", "holder").in_bulk(
        [match.candidate.key for match in result.matches]
    )
    protections = {str(key): protection for key, protection in known.items()}
    found = (
        Found(protections[match.candidate.key], match)
        for match in result.matches
        if match.candidate.key in protections
    )
    return Result(result.outcome, result.sentence, tuple(found), decoded.sha256)
