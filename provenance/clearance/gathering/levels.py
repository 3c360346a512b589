"""How well something is known, from its own row and from the evidence that it cites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from provenance.clearance.gathering.columns import day, text
from provenance.clearance.rules import Known

if TYPE_CHECKING:
    from datetime import date

    from provenance.models import Evidence


class Levels(NamedTuple):
    """Both axes, and a digest that changes when either is checked anew."""

    identity: Known
    title: Known
    digest: str


class Cited(NamedTuple):
    """What a level needs of the evidence, as a row reads it with `CITED`."""

    sha256: str
    expires_on: date | None
    identity_level: int
    title_level: int


CITED = (
    "evidence__sha256",
    text("evidence__expires_on"),
    "evidence__identity_level",
    "evidence__title_level",
)


def cited(columns: tuple[Any, ...]) -> Cited | None:
    """The evidence in a row's columns `CITED`; None where the row cites none."""
    sha256, expires_on, *known = columns
    return None if sha256 is None else Cited(sha256, day(expires_on), *known)


ON_ITS_OWN = [[Levels(who, why, "") for why in Known] for who in Known]
"""What a row says that cites no evidence, by its levels of identity and title."""


def levels(
    evidence: Evidence | Cited | None, today: date, *, identity: int = 0, title: int = 0
) -> Levels:
    """The better of the row's own level and its evidence's; evidence that has expired voids both.

    Only a check of that evidence can have raised the row.
    """
    if evidence is None:
        return ON_ITS_OWN[identity][title]
    if evidence.expires_on is not None and evidence.expires_on < today:
        return Levels(Known.SELF_DECLARED, Known.SELF_DECLARED, f"{evidence.sha256}:expired")
    who, why = max(identity, evidence.identity_level), max(title, evidence.title_level)
    return Levels(Known(who), Known(why), f"{evidence.sha256}:{who}:{why}")
