"""Private links: made in the caller's transaction, sent after its commit, used once.

A token is derived from the link's id with the site's secret, so that the same message can be sent
again although only the token's hash is stored.
"""

from __future__ import annotations

import base64
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.errors import RefusedError
from ledger.outbox import ring
from provenance.consent import private, selectors
from provenance.models import Ask, ConsentLink, Contact, Level, PartyMember

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from provenance.models import CreatorNotice, Party

SEND = "provenance.consent.tasks.send"
DAYS = 30
"""How long a link and a request wait for an answer."""
WEEK = timedelta(days=7)


class GoneError(RefusedError):
    """The link was good once."""

    status = 410


def token_of(link_id: uuid.UUID) -> str:
    """The secret part of a link's address."""
    made = salted_hmac("provenance.consent.link", str(link_id), algorithm="sha256")
    return base64.urlsafe_b64encode(made.digest()).decode().rstrip("=")


def address_of(link: ConsentLink) -> str:
    """The whole address that is sent; never shown to anybody but the party."""
    return f"{settings.SITE_URL}/consent/answer/{token_of(link.pk)}/"


def make_link(
    *,
    kind: ConsentLink.Kind,
    party: Party,
    contact: Contact,
    asks: Iterable[Ask] = (),
    notice: CreatorNotice | None = None,
    answer: dict[str, Any] | None = None,
) -> ConsentLink:
    """A link to `contact`, on its way once this commits. Call it inside a transaction."""
    link_id = uuid.uuid4()
    link = ConsentLink.objects.create(
        id=link_id,
        kind=kind,
        token_sha256=private.token_sha256(token_of(link_id)),
        party=party,
        contact=contact,
        notice=notice,
        answer=answer or {},
        expires_at=timezone.now() + timedelta(days=DAYS),
    )
    link.asks.set(asks)
    ring(SEND, str(link.pk))
    return link


def use(link: ConsentLink) -> None:
    """Use the link up. Of two answers at the same time the second finds it used.

    The update asks of the link's own row alone: a condition on its contact would become a
    subquery, which PostgreSQL does not ask again once the other answer has committed.
    """
    now = timezone.now()
    contacts = Contact.objects.select_for_update(no_key=True)
    ended = link.contact_id and contacts.get(pk=link.contact_id).ended_at
    good = ConsentLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now)
    if ended or not good.update(used_at=now):
        raise GoneError(
            "link_used",
            "This link has been used, or has ended.",
            "If there is more to say, answer in a new message from us, or sign in.",
        )
    link.refresh_from_db()


def reach(party: Party, applicant_id: object = None) -> Contact | None:
    """The best known e-mail address of `party`, or None.

    Of those known equally well, one that `applicant_id` supplied comes last.
    """
    known = list(party.contacts.filter(kind=Contact.Kind.EMAIL, ended_at=None))
    from_member = _member_contact(party, applicant_id)
    if from_member is not None and from_member not in known:
        known.append(from_member)
    return max(
        known,
        key=lambda c: (c.level, str(c.added_by_id) != str(applicant_id), -c.added_at.timestamp()),
        default=None,
    )


def _member_contact(party: Party, applicant_id: object) -> Contact | None:
    """The address of the best known user who speaks for the party, put on record as theirs."""
    members = PartyMember.objects.filter(party=party, may_sign=True).exclude(user__email="")
    for member in members.select_related("user").order_by("-level", "pk"):
        speaks = selectors.membership(member.user_id, party) is not None
        if speaks and str(member.user_id) != str(applicant_id):
            level = min(Level(member.level), _address_level(member.user))
            return Contact.objects.get_or_create(
                party=party,
                kind=Contact.Kind.EMAIL,
                value=member.user.email,
                ended_at=None,
                defaults={"level": level, "added_by": member.user},
            )[0]
    return None


def _address_level(user: User) -> Level:
    """An address earns evidence only once it is confirmed."""
    mine = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True)
    return Level.CONTACT_CONFIRMED if mine.exists() else Level.SELF_DECLARED


def is_full(contact: Contact) -> bool:
    """Whether the address has had as many messages this week as it may get."""
    since = timezone.now() - WEEK
    theirs = ConsentLink.objects.filter(contact__value__iexact=contact.value).exclude(
        kind=ConsentLink.Kind.CONFIRM
    )
    sent = theirs.filter(made_at__gte=since, notice=None).count()
    sent += theirs.filter(sent_at__gte=since, notice__isnull=False).count()
    sent += Ask.objects.filter(links__in=theirs, reminded_at__gte=since).count()
    return bool(sent >= settings.ASKS_PER_ADDRESS_A_WEEK)
