"""Commands of people who download: accept terms; and the note of who took what."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from registry.downloads.selectors import notice_of, terms_sha256
from registry.events import TermsAccepted
from registry.models import Acceptance, Download, Revision
from registry.release.selectors import subject_of

if TYPE_CHECKING:
    from accounts.actors import Actor

NOTED_EVERY = timedelta(minutes=5)


def accept_terms(*, actor: Actor, revision: Revision, terms_sha256: str) -> Acceptance:
    """Record that a person accepts these terms, word for word. Accepting twice changes nothing."""
    _require_same(revision, terms_sha256)
    if (notice := notice_of(revision)) is not None:
        raise RefusedError("not_served", f"This revision is {notice.state}.", notice.reason)
    with transaction.atomic():
        acceptance, made = Acceptance.objects.get_or_create(
            revision=revision, user_id=actor.id, terms_sha256=terms_sha256
        )
        if made:
            event = TermsAccepted(terms=terms_sha256)
            append(actor=actor.id, subject=subject_of(revision), event=event)
    return acceptance


def _require_same(revision: Revision, digest: str) -> None:
    current = terms_sha256(revision)
    if not current:
        raise InvalidError("no_terms", "This revision has no terms: it is open to everybody.")
    if digest != current:
        raise RefusedError(
            "terms_changed",
            "These are not the terms of this revision.",
            "Read the terms as they are now, and accept those.",
        )


def note_download(*, actor: Actor, revision: Revision) -> None:
    """Remember that a signed-in person took files, to tell them of a withdrawal.

    One row a person and revision; written anew at most every five minutes.
    """
    mine = Download.objects.filter(revision=revision, user_id=actor.id)
    if mine.filter(last_at__gt=timezone.now() - NOTED_EVERY).exists():
        return
    Download.objects.update_or_create(revision=revision, user_id=actor.id)
