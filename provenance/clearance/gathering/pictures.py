"""The pictures of a set: what they show, what they look like and what their files say."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from provenance.clearance import rules
from provenance.clearance.rules import Known
from provenance.models import Bank, Match, SetImage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from provenance.models import ImageSet

GENERATED = frozenset({"trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"})
"""IPTC Digital Source Types of pictures that a generator made, or had a part in."""
MINOR = frozenset({f"AG-A{age}" for age in range(14, 18)} | {"AG-U14"})
"""PLUS codes of the youngest person's age, if under 18."""
HEAVY = ("pdq_dihedral", "phash_dihedral", "pdq_crops", "phash_crops")


def items(image_set: ImageSet) -> list[SetImage]:
    """The set's pictures with their screenings, live matches and persons shown."""
    live = Match.objects.filter(protection__ended_at=None).select_related("protection")
    return list(
        image_set.items.select_related("image__screening")
        .defer(*(f"image__{name}" for name in HEAVY))
        .prefetch_related(Prefetch("image__matches", queryset=live), "persons_shown")
    )


def pictures(found: Sequence[SetImage]) -> tuple[rules.PictureFact, ...]:
    """The pictures as the decision sees them; of equal ones the first is the original."""
    version = Bank.current().version
    same: dict[str, list[SetImage]] = defaultdict(list)
    for item in found:
        same[item.image.normalised_sha256].append(item)
    return tuple(_picture(item, same[item.image.normalised_sha256][0], version) for item in found)


def _picture(item: SetImage, first: SetImage, version: int) -> rules.PictureFact:
    screening = getattr(item.image, "screening", None)
    matches = sorted(item.image.matches.all(), key=lambda match: str(match.protection_id))
    return rules.PictureFact(
        id=str(item.pk),
        label=item.filename,
        sha256=item.image.sha256,
        work=str(item.work_id) if item.work_id else None,
        matches=tuple(_match(match) for match in matches),
        screened=screening is not None and screening.bank_version >= version,
        low_information=screening is not None and screening.low_information,
        duplicate_of=None if first.pk == item.pk else first.filename,
        custody=bool(item.collector and item.source_url),
        source_url=item.source_url,
        persons=item.persons,
        shown=tuple(
            rules.PersonFact(str(person.party_id) if person.party_id else None, person.minor)
            for person in item.persons_shown.all()
        ),
        said=_said(item),
    )


def _match(match: Match) -> rules.MatchFact:
    return rules.MatchFact(
        work=str(match.protection.work_id),
        outcome=match.outcome,
        level=Known(match.protection.level),
        explanation=match.explanation,
    )


def _said(item: SetImage) -> rules.SaidFact:
    """What the file says, and what the server said that sent this copy."""
    found = item.image.embedded
    signals = [*found.get("signals", ()), *item.fetched.get("signals", ())]
    return rules.SaidFact(
        read=bool(found),
        signals=tuple(
            rules.SignalFact(one["source"], one["quote"], one["training"]) for one in signals
        ),
        creators=tuple(found.get("creators", ())),
        owners=tuple(found.get("owners", ())),
        persons=tuple(found.get("persons", ())),
        generated=found.get("digital_source_type") in GENERATED,
        minor=found.get("minor_age", "") in MINOR,
    )
