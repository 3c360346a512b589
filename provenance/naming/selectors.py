"""What the naming rule finds in texts, against the names and consents that are on record."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Q

from provenance.clearance.rules.facts import NameFact
from provenance.models import Action, Delegation, Grant, Level, Party, PartyName
from provenance.naming.rules import AllowedForm, NameIndex, ProtectedName, check

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

PERMITTED_AS = {"prompt": "token", "owner": "name", "set": "name"}
"""Where a text stands, as a naming consent calls it: people type the token in prompts."""


def protected_names() -> tuple[ProtectedName, ...]:
    """Every party's names; a name is proven once its party's identity has been checked."""
    others: dict[object, list[str]] = defaultdict(list)
    for party_id, text in PartyName.objects.order_by("pk").values_list("party_id", "text"):
        others[party_id].append(text)
    return tuple(
        ProtectedName(
            party_id=str(party.pk),
            forms=(party.name, *others[party.pk]),
            proven=party.level >= Level.DOCUMENT_CHECKED,
            kind=party.kind,
        )
        for party in Party.objects.filter(merged_into=None).order_by("pk")
    )


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
    index = index_of(protected_names())
    consents = _consents(applicant, today)
    return tuple(fact for place, text in pairs for fact in _facts(place, text, index, consents))


def _facts(place: str, text: str, index: NameIndex, consents: list[_Consent]) -> Iterator[NameFact]:
    here = PERMITTED_AS.get(place, place)
    found = check(text, index, [c.form for c in consents if not c.places or here in c.places])
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
