"""Reads of private links, of what a party said beforehand, and of what a creator is told of."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from provenance.clearance.gathering.levels import levels
from provenance.consent.policy import current_policy
from provenance.consent.selectors import membership
from provenance.models import (
    Ask,
    Block,
    ConsentLink,
    CreatorNotice,
    Grant,
    Level,
    Party,
    PartyMember,
    StandingAnswer,
    Work,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from provenance.models import Contact


def token_sha256(token: str) -> str:
    """What is stored of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_by(token: str) -> ConsentLink | None:
    """The link of this token. Looked up by its hash, so that time tells nothing of the token."""
    links = ConsentLink.objects.select_related("party", "contact", "notice__grant__assigner")
    return links.filter(token_sha256=token_sha256(token)).first()


def is_over(link: ConsentLink) -> bool:
    """Whether its time has passed, or its address is no longer the party's."""
    ended = link.contact is not None and link.contact.ended_at is not None
    return link.expires_at <= timezone.now() or ended


def open_links(ask: Ask, kind: ConsentLink.Kind) -> QuerySet[ConsentLink]:
    """Links of a request that can still be used."""
    return ConsentLink.objects.filter(
        asks=ask, kind=kind, used_at=None, expires_at__gt=timezone.now()
    )


def unsent_links() -> QuerySet[ConsentLink]:
    """Links whose message has yet to go out, while there is something to answer."""
    matters = Q(kind=ConsentLink.Kind.ANSWER, asks__state=Ask.State.ASKED)
    matters |= Q(kind=ConsentLink.Kind.CONFIRM, asks__isnull=False)
    matters |= Q(kind=ConsentLink.Kind.NOTICE, notice__state=CreatorNotice.State.TOLD)
    waiting = ConsentLink.objects.filter(
        sent_at=None, used_at=None, expires_at__gt=timezone.now(), contact__ended_at=None
    )
    return waiting.filter(matters, contact__isnull=False).distinct()


def grants_by(link: ConsentLink) -> QuerySet[Grant]:
    """What was given by a link's request, without an account."""
    given = Grant.objects.filter(ask__in=link.asks.all(), given_by=None)
    return given.prefetch_related("works")


def not_counted(grants: Iterable[Grant], policy: dict[str, Any] | None = None) -> list[str]:
    """Actions permitted here for which the site asks that it is better known who spoke.

    Whoever asks many times hands today's `policy` in.
    """
    least, today = (policy or current_policy())["evidence"], timezone.now().date()
    return sorted(
        {
            action
            for grant in grants
            if grant.revoked_at is None
            for action in grant.actions
            if levels(grant.evidence, today, identity=grant.identity_level).identity
            < least.get(action, (0, 0))[0]
        }
    )


def link_may_revoke(link_id: str, grant: Grant) -> bool:
    """A confirmed link takes back the very grant that it names, given by the same request."""
    link = ConsentLink.objects.filter(pk=link_id, kind=ConsentLink.Kind.CONFIRM).first()
    if link is None or grant.revoked_at is not None or link.used_at is None:
        return False
    named = link.answer.get("do") == "withdraw" and link.answer.get("grant") == str(grant.pk)
    return named and grants_by(link).filter(pk=grant.pk).exists()


def standing_answer(party: Party) -> StandingAnswer | None:
    """What the party answers beforehand, while whoever said so still speaks for it."""
    found = StandingAnswer.objects.select_related("agent").filter(party=party).first()
    if found is None or membership(found.given_by_id, party) is None:
        return None
    return found


def block_of(party: Party, applicant_id: UUID, contact: Contact | None) -> Block | None:
    """What keeps this applicant from asking; said from an unconfirmed address: only there."""
    known = Q(contact=None) | Q(contact__level__gte=Level.CONTACT_CONFIRMED)
    stops = Q(party=party) & known
    if contact is not None:
        stops |= Q(contact__value__iexact=contact.value)
    concerned = Q(applicant=None) | Q(applicant_id=applicant_id)
    return Block.objects.filter(stops, concerned).order_by("applicant_id", "pk").first()


def blocks_of(user: User) -> QuerySet[Block]:
    """What the user's parties keep from themselves."""
    mine = Block.objects.filter(party__in=Party.spoken_for_by(user.pk))
    return mine.select_related("party", "applicant").order_by("party__name", "made_at")


def is_own_address(user_id: str, address: str) -> bool:
    """Whether the user signs in with it."""
    own = User.objects.filter(pk=user_id, email__iexact=address)
    also = EmailAddress.objects.filter(user_id=user_id, email__iexact=address)
    return own.exists() or also.exists()


def known_as(user: User) -> list[str]:
    """Sentences on how well it is known who `user` is."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).exists()
    said = [f"Their e-mail address is {'confirmed' if confirmed else 'not confirmed'}."]
    members = PartyMember.known(user)
    known = [
        f"They speak for {member.party}: {Level(member.level).label}."
        for member in members.select_related("party")
    ]
    return said + (known or ["Nobody has checked who they are."])


def creators_of(grant: Grant) -> list[Party]:
    """Those who made what is permitted, and are not the one who permits it."""
    return list(
        Party.objects.filter(works_made__in=_works_of(grant)).exclude(pk=grant.assigner_id).distinct()
    )  # fmt: skip


def works_told_of(notice: CreatorNotice) -> list[Work]:
    """The creator's works among those that are permitted."""
    return list(_works_of(notice.grant).filter(creators=notice.creator).distinct())


def _works_of(grant: Grant) -> QuerySet[Work]:
    if not grant.all_works:
        return grant.works.all()
    return Work.objects.filter(title_links__party=grant.assigner_id, title_links__ended_at=None)


def notices_to(user: User) -> QuerySet[CreatorNotice]:
    """What the user's parties were told as creators, newest first."""
    mine = CreatorNotice.objects.filter(creator__in=Party.spoken_for_by(user.pk))
    return mine.select_related("grant__assigner", "creator").order_by("-told_at")
