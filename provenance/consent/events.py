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


@dataclass(frozen=True)
class PermissionSent(Event):
    """A private link went to an address of the party, or of its agent."""

    kind: ClassVar[str] = "permission.sent"
    ask: str
    link: str
    link_kind: str
    level: int


@dataclass(frozen=True)
class PermissionReminded(Event):
    """The party was reminded, once."""

    kind: ClassVar[str] = "permission.reminded"
    ask: str


@dataclass(frozen=True)
class PermissionExpired(Event):
    """Nobody answered in time. Silence is never yes."""

    kind: ClassVar[str] = "permission.expired"
    ask: str


@dataclass(frozen=True)
class PermissionAnswered(Event):
    """Somebody answered by a private link: grant, refuse or not-mine."""

    kind: ClassVar[str] = "permission.answered"
    ask: str
    link: str
    answer: str
    to_confirm: bool


@dataclass(frozen=True)
class PermissionConfirmed(Event):
    """The contact on record confirmed an answer: grant or withdraw."""

    kind: ClassVar[str] = "permission.confirmed"
    ask: str
    link: str
    answer: str
    level: int


@dataclass(frozen=True)
class PermissionNotMine(Event):
    """The party says that somebody else has to be asked."""

    kind: ClassVar[str] = "permission.not_mine"
    ask: str


@dataclass(frozen=True)
class AskWithdrawn(Event):
    """The applicant took a request back."""

    kind: ClassVar[str] = "permission.ask_withdrawn"
    ask: str


@dataclass(frozen=True)
class StandingAnswerApplied(Event):
    """A request was answered, or sent to an agent, as the party had said before."""

    kind: ClassVar[str] = "permission.standing_applied"
    ask: str
    answer: str


@dataclass(frozen=True)
class StandingAnswerGiven(Event):
    """A party said what it answers to requests; "none": it wants to be asked each time."""

    kind: ClassVar[str] = "standing_answer.given"
    answer: str


@dataclass(frozen=True)
class RequestsBlocked(Event):
    """A party wants no more requests, from one applicant or (None) from anybody."""

    kind: ClassVar[str] = "requests.blocked"
    applicant: str | None
    confirmed: bool


@dataclass(frozen=True)
class RequestsUnblocked(Event):
    """A party takes requests again."""

    kind: ClassVar[str] = "requests.unblocked"
    applicant: str | None


@dataclass(frozen=True)
class ContactSupplied(Event):
    """An applicant supplied an address of a party: self-declared."""

    kind: ClassVar[str] = "contact.supplied"
    contact: str


@dataclass(frozen=True)
class CreatorTold(Event):
    """A creator is told that a holder permitted something."""

    kind: ClassVar[str] = "creator.told"
    notice: str
    creator: str


@dataclass(frozen=True)
class NoticeSent(Event):
    """The private link of a notice went to an address of the creator."""

    kind: ClassVar[str] = "creator.notice_sent"
    notice: str
    link: str
    level: int


@dataclass(frozen=True)
class CreatorObjected(Event):
    """A creator objects to what a holder permitted."""

    kind: ClassVar[str] = "creator.objected"
    notice: str
