"""End a request, once."""

from __future__ import annotations

from django.utils import timezone

from accounts.errors import RefusedError
from provenance.consent import selectors
from provenance.models import Ask


def close(ask: Ask, state: Ask.State, note: str = "", by: str | None = None) -> None:
    """Answer once: of two answers at the same time the second finds no open request."""
    answered = Ask.objects.filter(pk=ask.pk, state__in=selectors.OPEN).update(
        state=state, answered_at=timezone.now(), answered_by_id=by, answer_note=note.strip()
    )
    if not answered:
        raise RefusedError("already_answered", "This request has been answered before.")
    ask.refresh_from_db()
