"""Who can be recognised in a picture: declared by people, never detected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accounts.errors import InvalidError
from provenance.attribution.citing import party_said
from provenance.models import Party, PersonShown, SetImage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from accounts.actors import Actor
    from provenance.attribution.rules import Shown

MOST = 50


@dataclass(frozen=True)
class Persons:
    """What is stated of the persons in one picture."""

    persons: str
    shown: tuple[Shown, ...]


def persons_after(item: SetImage, changes: Mapping[str, Any]) -> Persons:
    """What `changes` leave stated; InvalidError where the two parts contradict each other.

    To name somebody is to say that somebody can be recognised; to say that nobody can takes the
    names back.
    """
    shown: tuple[Shown, ...] | None = changes.get("persons_shown")
    persons = changes.get("persons") or ("identifiable" if shown else item.persons)
    if persons not in SetImage.Persons.values:
        known = ", ".join(SetImage.Persons.values)
        raise InvalidError(
            "bad_persons", f"{persons!r} is no answer.", f"persons is one of {known}."
        )
    if shown and persons != SetImage.Persons.IDENTIFIABLE:
        raise InvalidError(
            "persons_contradict",
            f"Persons are listed, and persons is said to be {persons!r}.",
            "Say “identifiable”, or leave the list empty.",
        )
    if shown and len(shown) > MOST:
        raise InvalidError("too_many_persons", f"A picture lists at most {MOST} persons.")
    return Persons(persons, shown if shown is not None else ())


def keep_persons(actor: Actor, item: SetImage, changes: Mapping[str, Any]) -> None:
    """Set `item.persons` (the caller saves it) and write who is shown."""
    after = persons_after(item, changes)
    item.persons = after.persons
    if "persons_shown" in changes or after.persons != SetImage.Persons.IDENTIFIABLE:
        item.persons_shown.all().delete()
        PersonShown.objects.bulk_create(_rows(actor, item, after.shown))


def _rows(actor: Actor, item: SetImage, shown: Iterable[Shown]) -> list[PersonShown]:
    """One row a person; of two that name the same one, or nobody, a minor counts as one."""
    minors: dict[Any, bool] = {}
    for one in shown:
        said = one.party or one.name
        party = party_said(actor, said, Party.Kind.PERSON) if said else None
        minors[party] = minors.get(party, False) or one.minor
    return [PersonShown(item=item, party=party, minor=minor) for party, minor in minors.items()]
