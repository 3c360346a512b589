"""Follow the ledger: what lost its permission is quarantined, and everybody concerned is told.

Downloads are refused from the moment a standing goes stale; what is done here is the rest. The
cursor moves in the same transaction as the quarantine, so that no message, however often it comes
and wherever a worker is killed, does it twice or not at all.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from accounts.actors import SYSTEM
from accounts.errors import RefusedError
from ledger.outbox import ring
from ledger.selectors import entries_after
from provenance.clearance.services import stands
from provenance.models import Standing
from registry.downloads.selectors import WHAT_TO_DO
from registry.models import Cursor, Download, Revision
from registry.release.selectors import (
    ENDED,
    evaluate,
    open_findings,
    request_of,
    why_ended,
)
from registry.release.services import NOTIFY, quarantine
from training.events import ApprovalRevoked
from training.models import Request

if TYPE_CHECKING:
    from ledger.models import Entry, Leaf

logger = logging.getLogger(__name__)
CURSOR = "recall"
TELL = "registry.recall.tasks.tell"
RE_EXAMINED = frozenset({"standing.went_stale", "standing.questioned"})
BATCH = 200


def follow() -> int:
    """Read the ledger from the cursor on; how many leaves were handled by this call."""
    cursor, _ = Cursor.objects.get_or_create(name=CURSOR)
    handled = 0
    while leaves := entries_after(cursor.next_leaf - 1, BATCH):
        for leaf in leaves:
            if not _handle(leaf):
                return handled  # another worker follows as well, and was quicker
            handled += 1
        cursor.next_leaf = leaves[-1].index + 1
    return handled


def recheck_ended() -> int:
    """Look again at released revisions whose permissions ended by their own date."""
    today = timezone.now().date()
    over = Standing.objects.filter(
        subject__startswith="revision:", valid_until__lt=today, stands=True
    )
    ids = [subject.removeprefix("revision:") for subject in over.values_list("subject", flat=True)]
    released = Revision.objects.filter(pk__in=ids, state=Revision.State.RELEASED)
    for revision in released:
        found = _reason(revision)
        if found is not None:
            _quarantine(revision, *found)
    return len(released)


def _handle(leaf: Leaf) -> bool:
    """1. decide anew, outside of any transaction; 2. move the cursor and quarantine, together."""
    revisions = _touched(leaf.entry)
    lost = [(revision, found) for revision in revisions if (found := _reason(revision))]  # 1
    with transaction.atomic():  # 2
        here = Cursor.objects.filter(name=CURSOR, next_leaf=leaf.index)
        if not here.update(next_leaf=leaf.index + 1):
            return False
        for revision, (why, codes) in lost:
            _quarantine(revision, why, codes)
    return True


def _touched(entry: Entry) -> list[Revision]:
    """The released revisions that an entry concerns."""
    released = Revision.objects.filter(state=Revision.State.RELEASED)
    kind, _, ident = entry.subject.partition(":")
    if entry.kind in RE_EXAMINED and kind == "revision":
        return list(released.filter(pk=ident).select_related("model__owner", "run"))
    if entry.kind == ApprovalRevoked.kind and kind == "request":
        return list(
            released.filter(run__request_id=UUID(ident)).select_related("model__owner", "run")
        )
    return []


def _reason(revision: Revision) -> tuple[str, tuple[str, ...]] | None:
    """Why it may not be served any more, as a sentence and codes; None where it may."""
    if request_of(revision).state != Request.State.APPROVED:
        return "The approval of its training was taken back.", ("approval_revoked",)
    evaluation = evaluate(revision)
    if stands(evaluation):
        return None
    left = open_findings(evaluation)
    sentences = list(dict.fromkeys(finding["explanation"] for finding in left))
    codes = tuple(sorted({finding["code"] for finding in left}))
    more = f" And {len(sentences) - 3} more like it." if len(sentences) > 3 else ""  # noqa: PLR2004
    return " ".join(sentences[:3]) + more, codes


def _quarantine(revision: Revision, why: str, codes: tuple[str, ...]) -> None:
    try:
        quarantine(actor=SYSTEM, revision=revision, reason=why, codes=codes)
    except RefusedError as refusal:
        logger.info("Revision %s is not released any more: %s", revision.pk, refusal)


def notify(revision_id: UUID | str) -> None:
    """Tell the owner, and ring once for each person who downloaded and was not told yet."""
    found = Revision.objects.filter(pk=revision_id, state__in=ENDED)
    revision = found.select_related("model__owner").first()
    if revision is None:
        return
    with transaction.atomic():
        for download in Download.objects.filter(revision=revision, told_at=None):
            ring(TELL, str(download.pk))
    if revision.owner_told_at is None:
        _mail(revision, revision.model.owner.email, _to_owner(revision))
        Revision.objects.filter(pk=revision.pk).update(owner_told_at=timezone.now())


def tell(download_id: int | str) -> None:
    """Tell one person of a withdrawal, once.

    Noted after the mail is sent: a worker killed in between tells twice rather than never.
    """
    untold = Download.objects.filter(pk=download_id, told_at=None, revision__state__in=ENDED)
    download = untold.select_related("revision__model__owner", "user").first()
    if download is None:
        return
    revision = download.revision
    _mail(revision, download.user.email, _to_downloader(download))
    Download.objects.filter(pk=download.pk).update(told_at=timezone.now())


def ring_untold() -> int:
    """Ring again for revisions whose people were not all told: messages can be lost."""
    ended = Revision.objects.filter(state__in=ENDED, released_at__isnull=False)
    silent = set(ended.filter(owner_told_at=None).values_list("pk", flat=True))
    silent |= set(ended.filter(downloads__told_at=None, downloads__isnull=False)
                  .values_list("pk", flat=True))  # fmt: skip
    for pk in sorted(silent, key=str):
        with transaction.atomic():
            ring(NOTIFY, str(pk))
    return len(silent)


def _mail(revision: Revision, address: str, body: str) -> None:
    if not address:
        logger.warning("Somebody concerned by revision %s has no mail address.", revision.pk)
        return
    subject = f"{revision.model} is {revision.state}"
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address])


def _to_downloader(download: Download) -> str:
    revision = download.revision
    return (
        f"Hello {download.user.username},\n\n"
        f"you downloaded {revision.model}, revision {revision.commit}, from "
        f"{settings.SITE_NAME} on {download.first_at:%d %B %Y}. It is {revision.state} since "
        f"{revision.ended_at:%d %B %Y}, for this reason:\n\n"
        f"    {why_ended(revision)}\n\n"
        f"{WHAT_TO_DO}\n\n"
        f"{settings.SITE_URL}/{revision.model}\n"
    )


def _to_owner(revision: Revision) -> str:
    return (
        f"Hello {revision.model.owner.username},\n\n"
        f"your model {revision.model}, revision {revision.commit}, is {revision.state} since "
        f"{revision.ended_at:%d %B %Y}, for this reason:\n\n"
        f"    {why_ended(revision)}\n\n"
        "It is not served any more, and everybody who downloaded it while signed in is told. "
        "Copies that people have keep working technically. If the permission comes back, a "
        "reviewer can lift a quarantine; without it, you can train again without the works "
        f"concerned.\n\n{settings.SITE_URL}/{revision.model}\n"
    )
