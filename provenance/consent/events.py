"""What the ledger keeps of asking, granting and taking back."""

from __future__ import annotations

from ledger.rules import Event


class PermissionAsked(Event, kind="permission.asked"):
    """An applicant asked a party."""

    ask: str
    party: str
    actions: tuple[str, ...]
    works: int


class PermissionRefused(Event, kind="permission.refused"):
    """A party said no."""

    ask: str


class GrantGiven(Event, kind="grant.given"):
    """A party permitted something; the constraints stand in the grant's record."""

    assigner: str
    assignee: str | None
    actions: tuple[str, ...]
    works: int
    not_after: str | None
    identity: int


class GrantRevoked(Event, kind="grant.revoked"):
    """A party took a permission back."""

    assigner: str
    ends: str
    """The first day without it, after the agreed notice."""


class GrantUsed(Event, kind="grant.used"):
    """A model was approved on a grant. Subject "grant:<id>"."""

    by: str


class CreditChosen(Event, kind="credit.chosen"):
    """A creator chose how to be credited; the words are in the statement."""

    choice: str
    work: str | None


class LicenceRead(Event, kind="licence.read"):
    """An operator read a licence anew. Subject "licence:<code>"."""

    reading: int
    changed: tuple[str, ...]


class PolicyChanged(Event, kind="policy.changed"):
    """An operator changed the site's policy. Subject "policy:site"."""

    policy: int
    changed: tuple[str, ...]


class ReservationRegistered(Event, kind="reservation.registered"):
    """A party forbade training on a work, at addresses, or on all that it holds."""

    reservation: str
    work: str | None
    by_url: bool = False


class ReservationLifted(Event, kind="reservation.lifted"):
    """A party lifted its prohibition."""

    reservation: str


class MemberConfirmed(Event, kind="member.confirmed"):
    """An operator confirmed that a user speaks for a party."""

    member: str
    level: int


class PermissionSent(Event, kind="permission.sent"):
    """A private link went to an address of the party, or of its agent."""

    ask: str
    link: str
    link_kind: str
    level: int


class PermissionReminded(Event, kind="permission.reminded"):
    """The party was reminded, once."""

    ask: str


class PermissionExpired(Event, kind="permission.expired"):
    """Nobody answered in time. Silence is never yes."""

    ask: str


class PermissionAnswered(Event, kind="permission.answered"):
    """Somebody answered by a private link: grant, refuse or not-mine."""

    ask: str
    link: str
    answer: str
    to_confirm: bool


class PermissionConfirmed(Event, kind="permission.confirmed"):
    """The contact on record confirmed an answer: grant or withdraw."""

    ask: str
    link: str
    answer: str
    level: int


class PermissionNotMine(Event, kind="permission.not_mine"):
    """The party says that somebody else has to be asked."""

    ask: str


class AskWithdrawn(Event, kind="permission.ask_withdrawn"):
    """The applicant took a request back."""

    ask: str


class StandingAnswerApplied(Event, kind="permission.standing_applied"):
    """A request was answered, or sent to an agent, as the party had said before."""

    ask: str
    answer: str


class StandingAnswerGiven(Event, kind="standing_answer.given"):
    """A party said what it answers to requests; "none": it wants to be asked each time."""

    answer: str


class RequestsBlocked(Event, kind="requests.blocked"):
    """A party wants no more requests, from one applicant or (None) from anybody."""

    applicant: str | None
    confirmed: bool


class RequestsUnblocked(Event, kind="requests.unblocked"):
    """A party takes requests again."""

    applicant: str | None


class ContactSupplied(Event, kind="contact.supplied"):
    """An applicant supplied an address of a party: self-declared."""

    contact: str


class CreatorTold(Event, kind="creator.told"):
    """A creator is told that a holder permitted something."""

    notice: str
    creator: str


class NoticeSent(Event, kind="creator.notice_sent"):
    """The private link of a notice went to an address of the creator."""

    notice: str
    link: str
    level: int


class CreatorObjected(Event, kind="creator.objected"):
    """A creator objects to what a holder permitted."""

    notice: str
