"""How well something is known, from its own row and from the evidence that it cites."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from provenance.clearance.rules import Known

if TYPE_CHECKING:
    from datetime import date

    from provenance.models import Evidence


class Levels(NamedTuple):
    """Both axes, and a digest that changes when either is checked anew."""

    identity: Known
    title: Known
    digest: str


def levels(evidence: Evidence | None, today: date, *, identity: int = 0, title: int = 0) -> Levels:
    """The better of the row's own level and its evidence's; evidence that has expired voids both.

    Only a check of that evidence can have raised the row.
    """
    if evidence is None:
        return Levels(Known(identity), Known(title), "")
    if evidence.expires_on is not None and evidence.expires_on < today:
        return Levels(Known.SELF_DECLARED, Known.SELF_DECLARED, f"{evidence.sha256}:expired")
    who, why = max(identity, evidence.identity_level), max(title, evidence.title_level)
    return Levels(Known(who), Known(why), f"{evidence.sha256}:{who}:{why}")
