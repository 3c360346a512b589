"""All banks up to one version, as a picture is compared with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from django.db.models import F

from provenance.models import Bank, BankEntry, MatchBank
from provenance.models import Features as FeaturesRow
from provenance.screening import indexes, rules
from provenance.screening.exact import packed
from provenance.screening.fingerprints import TRANSFORMS
from provenance.screening.local import Features, covered
from provenance.screening.looks import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provenance.screening.exact import ExactIndex
    from provenance.screening.local import Found, LocalIndex
    from provenance.screening.looks import Look

WITHIN: Final = 45
"""Bits within which every whole-picture code is found; the local stage finds what is farther."""
ALIKE: Final = 31
"""Bits between listed pictures that count as copies of each other."""
MOST: Final = 50
"""Candidates judged for a picture, those of better evidence first: a bank may hold any number of
copies of one picture, and who listed a hundred of them must not push out who can prove theirs."""
BATCH: Final = 10_000
UNSET: Final = [None, None]


Bounds = dict[int, list[float | None]]
"""Of each bank by its id: from which score on there is a match, and from which there may be one."""


@dataclass(frozen=True)
class Banks:
    """What was listed when it was made; `version` is one that it is surely complete for."""

    version: int
    exact: ExactIndex
    local: LocalIndex
    bounds: Bounds

    def screen(self, look: Look) -> rules.Screening:
        """The decision for one picture. Raises IndexBroken or OSError where none can be made."""
        features = Features.from_bytes(look.features) if look.features else None
        shown = self._shown(features)
        whole = self.exact.search(packed(look.pdq_dihedral), WITHIN)
        near = {int(key) for found in whole for key in found.ids}
        entries = _entries(near | shown.keys())
        negative = [e for e in entries if e.bank.kind == MatchBank.Kind.NEGATIVE]
        codes = _codes(entries)
        candidates = [
            replace(
                compared(entry.pk, *codes[entry.pk], look.pdq_dihedral, shown.get(entry.pk)),
                exact=_is_same(entry, look),
                common=_common(entry, shown, negative),
                match_at=self.bounds.get(entry.bank_id, UNSET)[0],
                possible_at=self.bounds.get(entry.bank_id, UNSET)[1],
            )
            for entry in entries
            if entry not in negative
        ]
        return rules.screen(look.quality, candidates, features=len(features) if features else 0)

    def _shown(self, features: Features | None) -> dict[int, Found]:
        """Entries whose features the picture shows, and the copies of each that a bank holds."""
        found = {one.key: one for one in (self.local.search(features) if features else ())}
        rows = FeaturesRow.objects.filter(entry__in=found, version=VERSION)
        for key, codes in list(rows.values_list("entry", "codes")):
            for near in self.exact.search(packed(codes), ALIKE):
                found |= {int(copy): found[key] for copy in near.ids if int(copy) not in found}
        return found


def current() -> Banks:
    """The banks as they are now.

    The version is read before the rows: what is added meanwhile is at worst found under a version
    that does not promise it.
    """
    version = Bank.current().version
    return Banks(version, indexes.listed.exact(), indexes.listed.local(), bounds())


def bounds() -> Bounds:
    """The thresholds that operators have set."""
    return {pk: own for pk, *own in MatchBank.objects.values_list("pk", "match_at", "possible_at")}


def _entries(keys: set[int]) -> list[BankEntry]:
    """Of these, the negative ones and the `MOST` that the best evidence speaks for."""
    live = BankEntry.objects.filter(ended_version=None)
    ranked: list[tuple[str, int | None, int]] = []
    wanted = sorted(keys)
    for start in range(0, len(wanted), BATCH):
        rows = live.filter(pk__in=wanted[start : start + BATCH])
        ranked += rows.values_list("bank__kind", F("protection__level"), "pk")
    ranked.sort(key=lambda row: (-(row[1] or 0), row[2]))
    common = [pk for kind, _, pk in ranked if kind == MatchBank.Kind.NEGATIVE]
    others = [pk for kind, _, pk in ranked if kind != MatchBank.Kind.NEGATIVE]
    chosen = common[:MOST] + others[:MOST]
    rows = live.filter(pk__in=chosen).select_related("bank", "image")
    return list(rows.order_by("pk"))


def _codes(entries: list[BankEntry]) -> dict[int, tuple[str, int]]:
    """PDQ, or "" where none is known, and its quality. Raises Lacking where any was dropped."""
    rows = FeaturesRow.objects.filter(entry__in=entries, version=VERSION)
    made = rows.values_list("entry", "codes", "quality")
    known = {key: (codes[0] if codes else "", quality) for key, codes, quality in made}
    if len(known) < len(entries):
        raise indexes.Lacking
    return known


def _is_same(entry: BankEntry, look: Look) -> bool:
    if entry.image is None:
        return False
    theirs = {entry.image.sha256, entry.image.normalised_sha256}
    return not theirs.isdisjoint({look.sha256, look.normalised_sha256} - {""})


def _common(entry: BankEntry, shown: Mapping[int, Found], negative: list[BankEntry]) -> float:
    """The share of what an entry has in common with the picture that common elements cover."""
    found = shown.get(entry.pk)
    known = [shown[one.pk] for one in negative if one.pk in shown]
    if found is None:
        return 0.0
    return max((covered(found.verified, one.verified) for one in known), default=0.0)


def compared(
    key: int, pdq: str, quality: int, versions: tuple[str, ...], found: Found | None
) -> rules.Candidate:
    """What both stages saw of one known picture, beside the turned `versions` of another's code."""
    distance, transform = nearest(pdq, versions)
    return rules.Candidate(
        key=key,
        pdq_distance=distance,
        transform=transform,
        quality=quality,
        verified=found.verified if found else None,
        variant=found.variant if found else "none",
    )


def nearest(pdq: str, versions: tuple[str, ...]) -> tuple[int, str]:
    """Bits of 256 between a code and the nearest of a picture's versions, and which that is."""
    if not pdq:
        return 256, TRANSFORMS[0]
    gaps = np.bitwise_count(packed(versions) ^ packed([pdq])).sum(axis=1)
    return int(gaps.min()), TRANSFORMS[int(gaps.argmin())]
