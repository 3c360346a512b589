"""What the ledger keeps of asking, granting and taking back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.rules import Event


@dataclass(frozen=True)
class PermissionAsked(Event):
    """An applicant asked a party."""

    kind: ClassVar[str] = "permission.asked"
    ask: str
    party: str
    actions: tuple[str, ...]
    works: int


@dataclass(frozen=True)
class PermissionRefused(Event):
    """A party said no."""

    kind: ClassVar[str] = "permission.refused"
    ask: str


@dataclass(frozen=True)
class GrantGiven(Event):
    """A party permitted something; the constraints stand in the grant's record."""

    kind: ClassVar[str] = "grant.given"
    assigner: str
    assignee: str | None
    actions: tuple[str, ...]
    works: int
    not_after: str | None
    identity: int


@dataclass(frozen=True)
class GrantRevoked(Event):
    """A party took a permission back."""

    kind: ClassVar[str] = "grant.revoked"
    assigner: str
    ends: str
    """The first day without it, after the agreed notice."""


@dataclass(frozen=True)
class GrantUsed(Event):
    """A model was approved on a grant. Subject "grant:<id>"."""

    kind: ClassVar[str] = "grant.used"
    by: str


@dataclass(frozen=True)
class CreditChosen(Event):
    """A creator chose how to be credited; the words are in the statement."""

    kind: ClassVar[str] = "credit.chosen"
    choice: str
    work: str | None


@dataclass(frozen=True)
class LicenceRead(Event):
    """An operator read a licence anew. Subject "licence:<code>"."""

    kind: ClassVar[str] = "licence.read"
    reading: int
    changed: tuple[str, ...]


@dataclass(frozen=True)
class PolicyChanged(Event):
    """An operator changed the site's policy. Subject "policy:site"."""

    kind: ClassVar[str] = "policy.changed"
    policy: int
    changed: tuple[str, ...]


@dataclass(frozen=True)
class ReservationRegistered(Event):
    """A party forbade training on a work, at addresses, or on all that it holds."""

    kind: ClassVar[str] = "reservation.registered"
    reservation: str
    work: str | None
    by_url: bool = False


@dataclass(frozen=True)
class ReservationLifted(Event):
    """A party lifted its prohibition."""

    kind: ClassVar[str] = "reservation.lifted"
    reservation: str


@dataclass(frozen=True)
class MemberConfirmed(Event):
    """An operator confirmed that a user speaks for a party."""

    kind: ClassVar[str] = "member.confirmed"
    member: str
    level: int
