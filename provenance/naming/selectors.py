"""What the naming rule finds in texts, against the names and consents that are on record."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from provenance.clearance.rules.facts import NameFact
from provenance.models import (
    Action,
    Delegation,
    Grant,
    Level,
    Namesake,
    Party,
    PartyMember,
    PartyName,
)
from provenance.naming.rules import AllowedForm, NameIndex, ProtectedName, check
from provenance.naming.rules.places import HISTORICAL, OWNERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

OWN_KIND: dict[str, str] = {
    PartyName.Kind.PEN_NAME: "pen name",
    PartyName.Kind.BRAND: "brand",
    PartyName.Kind.STUDIO: "studio",
    PartyName.Kind.CHARACTER: "character",
}
"""Other names that are of another kind than their party's own."""
PERMITTED_AS = {
    "prompt": "token", "caption": "token", "example": "token", "owner": "name", "user": "name",
    "set": "name", "slug": "name", "title": "name", "file": "name", "redirect": "name",
    "tag": "name", "metadata": "token",
}  # fmt: skip
"""Where a text stands, as a naming consent calls it: people type the token in prompts."""


def protected_names(today: date | None = None) -> tuple[ProtectedName, ...]:
    """Every party's names; a name is proven once its party's identity has been checked."""
    forms: dict[tuple[UUID, str], list[str]] = defaultdict(list)
    parties = {p.pk: p for p in Party.objects.filter(merged_into=None).order_by("pk")}
    ended = _long_dead(parties.values(), today or timezone.localdate())
    kinds = {pk: HISTORICAL if pk in ended else str(p.kind) for pk, p in parties.items()}
    for pk, party in parties.items():
        forms[pk, kinds[pk]].append(party.name)
    others = PartyName.objects.filter(party__in=parties).order_by("pk")
    for party_id, text, kind in others.values_list("party_id", "text", "kind"):
        same = kinds[party_id] if party_id in ended else OWN_KIND.get(kind, kinds[party_id])
        forms[party_id, same].append(text)
    return tuple(
        ProtectedName(
            party_id=str(pk),
            forms=tuple(texts),
            proven=parties[pk].level >= Level.DOCUMENT_CHECKED,
            kind=kind,
        )
        for (pk, kind), texts in forms.items()
    )


def _long_dead(parties: Iterable[Party], today: date) -> set[UUID]:
    """People who died longer ago than the site's policy says, and have no estate on record."""
    last = today.year - settings.NAMES_PROTECTED_YEARS
    dead = {party.pk for party in parties if party.died is not None and party.died < last}
    if not dead:
        return dead
    kept = set().union(*_estates(today).values())
    return {pk for pk in dead if str(pk) not in kept}


@lru_cache(maxsize=2)
def index_of(names: tuple[ProtectedName, ...]) -> NameIndex:
    """Made once for as long as the names stay the same."""
    return NameIndex(names)


def names_in(
    texts: Iterable[tuple[str, str]], *, applicant: str, today: date
) -> tuple[NameFact, ...]:
    """The names in (place, text) pairs, each with whether its person consents to that form."""
    pairs = tuple(texts)
    if not pairs:
        return ()
    index = index_of(protected_names(today))
    consents = [*_consents(applicant, today), *_own(applicant), *_namesakes(applicant)]
    return tuple(fact for place, text in pairs for fact in _facts(place, text, index, consents))


def descriptors_in(texts: Iterable[tuple[str, str]], *, today: date) -> tuple[str, ...]:
    """Names of the long dead in (place, text) pairs that describe a style there, as typed."""
    index = index_of(protected_names(today))
    found = (check(text, index, place=place).descriptors for place, text in texts)
    return tuple(dict.fromkeys(name for names in found for name in names))


def _facts(place: str, text: str, index: NameIndex, consents: list[_Consent]) -> Iterator[NameFact]:
    here = PERMITTED_AS.get(place, place)
    fitting = [c.form for c in consents if not c.places or {place, here} & c.places]
    found = check(text, index, fitting, place=place)
    consenting = {consent.form.party_id for consent in consents}
    for hit in found.hits:
        yield NameFact(
            place=place,
            text=text,
            party=hit.party_id,
            matched=hit.typed,
            proven=hit.blocks,
            has_consent_for_other_forms=hit.party_id in consenting,
        )
    for name in found.unregistered:
        yield NameFact(place=place, text=text, party=None, matched=name)


@dataclass(frozen=True)
class _Consent:
    form: AllowedForm
    places: frozenset[str]


def _consents(applicant: str, today: date) -> list[_Consent]:
    """Of the person, or of the estate that decides for them; not of somebody who says so."""
    live = (
        Grant.objects.filter(Q(revoked_at=None) | Q(revoked_from__gt=today))
        .filter(identity_level__gte=Level.DOCUMENT_CHECKED)
        .filter(Q(assignee=None) | Q(assignee=applicant))
        .filter(Q(not_before=None) | Q(not_before__lte=today))
        .filter(Q(not_after=None) | Q(not_after__gte=today))
        .select_related("assigner")
    )
    estates = _estates(today)
    return [
        _Consent(AllowedForm(person, form), frozenset(grant.name_places))
        for grant in live
        if Action.USE_NAME in grant.actions
        for person in _named(grant, estates)
        for form in grant.name_forms
    ]


def _own(applicant: str) -> Iterator[_Consent]:
    """A verified person may be the owner under their own names, in the usual spellings."""
    parties = Party.spoken_for_by(applicant).filter(level__gte=Level.DOCUMENT_CHECKED)
    for party in parties.filter(members__in=_verified(applicant)).distinct():
        for form in _spelled(party):
            yield _Consent(AllowedForm(str(party.pk), form), OWNERS)


def _verified(applicant: str) -> QuerySet[PartyMember]:
    return PartyMember.objects.filter(user_id=applicant, level__gte=Level.DOCUMENT_CHECKED)


def _spelled(party: Party) -> set[str]:
    texts = [party.name, *party.other_names.values_list("text", flat=True)]
    joined = {re.sub(r"\W+", sign, text) for text in texts for sign in ("", "-", "_", ".")}
    return {*texts, *joined, *(text.lower() for text in joined)}


def _namesakes(applicant: str) -> Iterator[_Consent]:
    for decision in Namesake.objects.filter(user_id=applicant):
        yield _Consent(AllowedForm(str(decision.party_id), decision.form), frozenset())


def _named(grant: Grant, estates: dict[str, set[str]]) -> Iterator[str]:
    assigner = str(grant.assigner_id)
    if grant.assigner.kind == Party.Kind.PERSON:
        yield assigner
    yield from sorted(estates.get(assigner, ()))


def _estates(today: date) -> dict[str, set[str]]:
    """By estate: the people whose names it decides about."""
    live = (
        Delegation.objects.filter(role=Delegation.Role.ESTATE, ended_at=None)
        .filter(level__gte=Level.DOCUMENT_CHECKED)
        .filter(Q(starts=None) | Q(starts__lte=today))
        .filter(Q(ends=None) | Q(ends__gte=today))
    )
    found: dict[str, set[str]] = defaultdict(set)
    for delegation in live:
        if Action.USE_NAME in delegation.actions:
            found[str(delegation.agent_id)].add(str(delegation.principal_id))
    return found
