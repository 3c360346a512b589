"""Messages go out after the commit, once each; who does not answer is reminded once at most."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from accounts.actors import SYSTEM
from accounts.errors import RefusedError
from ledger.outbox import ring
from ledger.services import append
from provenance.consent import events, letters, private, selectors
from provenance.consent.services.closing import TELL, close
from provenance.consent.services.links import SEND, address_of, is_full, token_of
from provenance.models import Ask, ConsentLink

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

logger = logging.getLogger(__name__)
REMIND_AFTER = timedelta(days=7)


def send(link_id: UUID | str) -> None:
    """Send a link's message, if it still waits.

    Noted after the mail is sent: a worker killed in between sends it twice rather than never, and
    both carry the same link. A notice waits while its address has had enough messages.
    """
    waiting = private.unsent_links().select_related("party", "contact", "notice__grant")
    link = waiting.filter(pk=link_id).first()
    if link is None or link.contact is None:
        return
    if link.notice_id is not None and is_full(link.contact):
        return
    token_sha256 = private.token_sha256(token_of(link.pk))
    if token_sha256 != link.token_sha256:  # the site's secret has changed since
        ConsentLink.objects.filter(pk=link.pk).update(token_sha256=token_sha256)
    subject, body = letters.letter(link, address_of(link))
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [link.contact.value])
    with transaction.atomic():
        if ConsentLink.objects.filter(pk=link.pk, sent_at=None).update(sent_at=timezone.now()):
            _note(link)


def _note(link: ConsentLink) -> None:
    level = link.contact.level if link.contact else 0
    for ask in link.asks.all():
        sent = events.PermissionSent(
            ask=str(ask.pk), link=str(link.pk), link_kind=link.kind, level=level
        )
        append(actor=SYSTEM.id, subject=f"set:{ask.image_set_id}", event=sent)
    if link.notice is not None:
        told = events.NoticeSent(notice=str(link.notice_id), link=str(link.pk), level=level)
        append(actor=SYSTEM.id, subject=f"grant:{link.notice.grant_id}", event=told)


def tell(ask_id: UUID | str) -> None:
    """Tell the applicant what became of a request, once; noted after the mail, as above."""
    ask = _untold().select_related("party", "applicant").filter(pk=ask_id).first()
    if ask is None:
        return
    if ask.applicant.email and ask.state != Ask.State.WITHDRAWN:
        subject, body = letters.outcome(ask)
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [ask.applicant.email])
    Ask.objects.filter(pk=ask.pk).update(told_at=timezone.now())


def _untold() -> QuerySet[Ask]:
    return Ask.objects.exclude(state__in=selectors.OPEN).filter(told_at=None)


def ring_unsent() -> int:
    """Ring again for messages that have not gone out: doorbells can be lost."""
    waiting = [(SEND, pk) for pk in private.unsent_links().values_list("pk", flat=True)]
    waiting += [(TELL, pk) for pk in _untold().values_list("pk", flat=True)]
    with transaction.atomic():
        for task, pk in waiting:
            ring(task, str(pk))
    return len(waiting)


def remind() -> int:
    """Have those reminded, once, who were asked a week ago and have not answered."""
    silent = Ask.objects.filter(
        state=Ask.State.ASKED, reminded_at=None, asked_at__lte=timezone.now() - REMIND_AFTER
    )
    return sum(_remind(ask) for ask in silent)


def _remind(ask: Ask) -> bool:
    links = private.open_links(ask, ConsentLink.Kind.ANSWER).exclude(sent_at=None)
    link = links.select_related("contact").first()
    if link is None or link.contact is None or is_full(link.contact):
        return False
    with transaction.atomic():
        still = Ask.objects.filter(pk=ask.pk, state=Ask.State.ASKED, reminded_at=None)
        if not still.update(reminded_at=timezone.now()):
            return False  # another worker was quicker, or it has been answered
        ConsentLink.objects.filter(pk=link.pk).update(sent_at=None)
        ring(SEND, str(link.pk))
        event = events.PermissionReminded(ask=str(ask.pk))
        append(actor=SYSTEM.id, subject=f"set:{ask.image_set_id}", event=event)
    return True


def expire() -> int:
    """End requests whose time is over. Silence is never yes."""
    over = Ask.objects.filter(state__in=selectors.OPEN, expires_on__lt=timezone.now().date())
    return sum(_expire(ask) for ask in over)


def _expire(ask: Ask) -> bool:
    with transaction.atomic():
        try:
            close(ask, Ask.State.EXPIRED)
        except RefusedError:
            return False  # answered at this moment
        event = events.PermissionExpired(ask=str(ask.pk))
        append(actor=SYSTEM.id, subject=f"set:{ask.image_set_id}", event=event)
    return True
