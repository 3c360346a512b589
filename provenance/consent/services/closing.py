"""End a request, once."""

from __future__ import annotations

from django.utils import timezone

from accounts.errors import RefusedError
from ledger.outbox import ring
from provenance.consent import selectors
from provenance.models import Ask

TELL = "provenance.consent.tasks.tell"


def close(ask: Ask, state: Ask.State, note: str = "", by: str | None = None) -> None:
    """Answer once: of two answers at the same time the second finds no open request.

    The applicant is told after the commit. Call it inside a transaction.
    """
    answered = Ask.objects.filter(pk=ask.pk, state__in=selectors.OPEN).update(
        state=state, answered_at=timezone.now(), answered_by_id=by, answer_note=note.strip()
    )
    if not answered:
        raise RefusedError("already_answered", "This request has been answered before.")
    ring(TELL, str(ask.pk))
    ask.refresh_from_db()
