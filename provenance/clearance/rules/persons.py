"""The people in a picture: only they permit the use of their likeness, a guardian for a minor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provenance.clearance.rules.paths import POSITION, acts, grant_status, spoken_for, strength
from provenance.clearance.rules.reasons import Reason
from provenance.clearance.rules.verdict import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provenance.clearance.rules.facts import GrantFact, Known, PersonFact, PictureFact
    from provenance.clearance.rules.lookup import Lookup

LIKENESS = "use-likeness"


def persons(picture: PictureFact, look: Lookup) -> Iterator[Reason]:
    """What is missing for the people that the picture is declared to show."""
    words = {"work": picture.label}
    if picture.persons == "undeclared":
        yield Reason("persons_undeclared", Severity.FLAG)
    elif picture.persons == "identifiable":
        if not picture.shown:
            yield Reason("likeness_release_missing", Severity.BLOCK, words=words)
        for person in sorted(set(picture.shown), key=str):
            yield from _person(picture, person, look)


def _person(picture: PictureFact, person: PersonFact, look: Lookup) -> Iterator[Reason]:
    missing = (person.party,) if person.party else ()
    words = {"work": picture.label, "party": person.party or ""}
    found = sorted(_statuses(picture, person, look), key=lambda one: (POSITION[one[0]], one[1]))
    status, evidence = found[0] if found else ("nothing", "")
    if status == "evidence_weak":
        yield Reason("likeness_weak", Severity.FLAG, words=words, evidence=(evidence,))
    elif status != "ok":
        code = "minor_shown" if person.minor else "likeness_release_missing"
        yield Reason(code, Severity.BLOCK, missing, words)


def _statuses(picture: PictureFact, person: PersonFact, look: Lookup) -> Iterator[tuple[str, str]]:
    for place in look.territories:
        for grant, identity in _permissions(picture, person, place, look):
            status = grant_status(grant, LIKENESS, place, look)
            if status == "ok":
                status = strength(identity, identity, LIKENESS, look)
            yield status, f"{grant.evidence}:{int(identity)}"


def _permissions(
    picture: PictureFact, person: PersonFact, place: str, look: Lookup
) -> Iterator[tuple[GrantFact, Known]]:
    """Those of the person or of who decides for them; of a minor only those of a guardian."""
    if person.party is None:
        return
    guardians = {
        delegation.agent
        for delegation in look.delegations.get(person.party, ())
        if delegation.role == "guardian" and acts(delegation, LIKENESS, place, look)
    }
    about = (None, "", picture.work) if picture.work else (None, "")
    for grant, identity in spoken_for(person.party, about, LIKENESS, place, look):
        if not person.minor or grant.assigner in guardians:
            yield grant, identity
