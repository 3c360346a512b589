"""What the naming rule finds in texts, against the names and consents that are on record."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Q

from provenance.clearance.rules.facts import NameFact
from provenance.models import Action, Grant, Level, Party, PartyName
from provenance.naming.rules import AllowedForm, NameIndex, ProtectedName, check

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date


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
    forms = _consents(applicant, today)
    return tuple(fact for place, text in pairs for fact in _facts(place, text, index, forms))


def _facts(place: str, text: str, index: NameIndex, forms: list[AllowedForm]) -> Iterator[NameFact]:
    found = check(text, index, forms)
    consenting = {form.party_id for form in forms}
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


def _consents(applicant: str, today: date) -> list[AllowedForm]:
    live = (
        Grant.objects.filter(revoked_at=None, assigner__kind=Party.Kind.PERSON)
        .filter(identity_level__gte=Level.DOCUMENT_CHECKED)  # the person, not somebody who says so
        .filter(Q(assignee=None) | Q(assignee=applicant))
        .filter(Q(not_before=None) | Q(not_before__lte=today))
        .filter(Q(not_after=None) | Q(not_after__gte=today))
    )
    return [
        AllowedForm(str(grant.assigner_id), form)
        for grant in live
        if Action.USE_NAME in grant.actions
        for form in grant.name_forms
    ]
