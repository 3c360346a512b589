"""Store a document that shows who permitted something and why they may, and have it checked.

Files are private and kept by content. A check covers exactly the holdings and grants that cite the
evidence at that moment.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.attribution.disputes import weigh_disputes
from provenance.clearance.services import mark_stale
from provenance.events import EvidenceChecked, EvidenceSubmitted, ProtectionSubstantiated
from provenance.intake import storage
from provenance.models import Evidence, Grant, Level, Protection, TerritoryStatus, TitleLink

if TYPE_CHECKING:
    from accounts.actors import Actor

MAX_BYTES: Final = 20 * 1024 * 1024
BEGINNINGS: Final = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
MAIL_HEADERS: Final = (b"from:", b"received:", b"return-path:", b"delivered-to:", b"message-id:")


def media_type_of(data: bytes) -> str:
    """What the bytes are: PDF, PNG, JPEG, a mail or plain text; InvalidError for anything else."""
    for beginning, media_type in BEGINNINGS.items():
        if data.startswith(beginning):
            return media_type
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if not text.strip() or "\0" in text:
        raise InvalidError(
            "evidence_format",
            "This file is not a PDF, PNG, JPEG, mail (.eml) or plain text (UTF-8).",
            "Save the document as a PDF and upload that.",
        )
    is_mail = data.lstrip().lower().startswith(MAIL_HEADERS)
    return "message/rfc822" if is_mail else "text/plain"


def submit_evidence(*, actor: Actor, data: bytes, title: str) -> Evidence:
    """Store a document, self-declared on both axes until a reviewer has checked it."""
    if len(data) > MAX_BYTES:
        raise InvalidError(
            "evidence_too_large",
            f"The file has {len(data) // 2**20} MB; evidence may have {MAX_BYTES // 2**20} MB.",
            "Upload the pages that matter.",
        )
    media_type = media_type_of(data)
    sha256 = hashlib.sha256(data).hexdigest()
    storage.save("evidence", sha256, data)
    with transaction.atomic():
        evidence = Evidence.objects.create(
            title=title.strip()[:200] or f"Evidence {sha256[:8]}",
            sha256=sha256,
            storage_key=storage.key_of("evidence", sha256),
            media_type=media_type,
            size=len(data),
            submitted_by_id=actor.id,
        )
        append(
            actor=actor.id,
            subject=f"evidence:{evidence.pk}",
            event=EvidenceSubmitted(sha256=sha256, media_type=media_type),
            statement=evidence.title,
        )
    return evidence


def check_evidence(
    *, actor: Actor, evidence: Evidence, identity: Level, title: Level, note: str, citations: str
) -> Evidence:
    """A reviewer or operator who did not submit it says what the evidence shows, and why.

    `citations` is what they looked at, from the page or the API: what cites the evidence since
    then was not looked at, and the check is refused.

    Holdings and protections that rest on it rise to `title`, grants to `identity`; a later check
    that finds less lowers them again.
    """
    _require_may_check(actor, evidence, note)
    with transaction.atomic():
        locked = Evidence.objects.select_for_update().get(pk=evidence.pk)
        if locked.citations != citations:
            raise RefusedError(
                "citations_changed",
                "Since you looked, this evidence was cited for something else, or no longer is.",
                "Load it again and look at what it is cited for.",
            )
        holdings = _set_holdings(locked, title)
        TerritoryStatus.objects.filter(evidence=locked).update(level=title)
        grants = Grant.objects.filter(
            evidence=locked, identity_level__lte=max(locked.identity_level, identity)
        ).update(identity_level=identity)
        locked.identity_level, locked.title_level = identity, title
        locked.checked_by_id = actor.id
        locked.checked_at = timezone.now()
        locked.check_note = note.strip()
        locked.save()
        event = EvidenceChecked(
            identity=int(identity), title=int(title), holdings=len(holdings), grants=grants
        )
        append(actor=actor.id, subject=f"evidence:{locked.pk}", event=event, statement=note)
        _substantiate(actor, holdings, title)
        mark_stale(kind="evidence", refs=[str(locked.pk)])
        mark_stale(kind="work", refs=_works_touched(actor, locked, holdings))
        given = Grant.objects.filter(evidence=locked).values_list("pk", flat=True)
        mark_stale(kind="grant", refs=[str(grant) for grant in given])
    return locked


def _require_may_check(actor: Actor, evidence: Evidence, note: str) -> None:
    if "operator" not in actor.roles:
        actor.require("reviewer")
    if str(evidence.submitted_by_id) == actor.id:
        raise RefusedError(
            "own_evidence",
            "Nobody checks evidence that they submitted themselves.",
            "Another reviewer has to look at it.",
        )
    if not note.strip():
        raise InvalidError("note_missing", "Say what you looked at and what it shows.")


def _set_holdings(evidence: Evidence, title: Level) -> list[TitleLink]:
    """Holdings that cite it and are not known better from elsewhere, with their new level."""
    touched = TitleLink.objects.filter(
        evidence=evidence, ended_at=None, level__lte=max(evidence.title_level, title)
    )
    holdings = list(touched)
    touched.update(level=title)
    return holdings


def _works_touched(actor: Actor, evidence: Evidence, holdings: list[TitleLink]) -> list[str]:
    """Works whose title, status or disputes look different after the check."""
    works = {str(holding.work_id) for holding in holdings}
    works |= {str(status.work_id) for status in evidence.statuses.all()}
    claimed = {str(dispute.work_id) for dispute in evidence.claims.all()}
    return sorted({*works, *weigh_disputes(actor, works | claimed)})


def _substantiate(actor: Actor, holdings: list[TitleLink], level: Level) -> None:
    """What is known of the holding is known of its protection: now its matches may block.

    Decisions about pictures that match rest on these works, and go stale with them.
    """
    pairs = {(holding.work_id, holding.party_id) for holding in holdings}
    works = sorted({work for work, _ in pairs}, key=str)
    live = Protection.objects.filter(work__in=works, ended_at=None).order_by("work_id", "pk")
    changed = [p for p in live if (p.work_id, p.holder_id) in pairs and p.level != level]
    Protection.objects.filter(pk__in=[p.pk for p in changed]).update(level=level)
    for protection in changed:
        append(
            actor=actor.id,
            subject=f"work:{protection.work_id}",
            event=ProtectionSubstantiated(protection=str(protection.pk), level=int(level)),
        )
