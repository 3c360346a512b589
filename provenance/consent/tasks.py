"""What doorbells ring for: send a link's message; remind, expire, and find what was lost."""

from __future__ import annotations

from celery import shared_task

from provenance.consent.services import sending


@shared_task(name="provenance.consent.tasks.send")
def send(link_id: str) -> None:
    """Send one message. Doubled and late doorbells find nothing to do."""
    sending.send(link_id)


@shared_task(name="provenance.consent.tasks.tell")
def tell(ask_id: str) -> None:
    """Tell an applicant of an answer. Doubled and late doorbells find nothing to do."""
    sending.tell(ask_id)


@shared_task(name="provenance.consent.tasks.due")
def due(*_: str) -> None:
    """Expire first, so that nobody is reminded of what has ended."""
    sending.expire()
    sending.remind()
    sending.ring_unsent()
