"""Store a document that shows who permitted something and why they may, and have it checked.

Files are private and kept by content. A check covers exactly what cites the evidence at
that moment.
"""

from __future__ import annotations

import hashlib
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.attribution.disputes import weigh_disputes
from provenance.clearance.services import mark_stale
from provenance.events import EvidenceChecked, EvidenceSubmitted, ProtectionSubstantiated
from provenance.intake import storage
from provenance.models import (
    Delegation,
    Evidence,
    Grant,
    Level,
    Protection,
    TerritoryStatus,
    TitleLink,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.http import HttpRequest, HttpResponse
    from rest_framework.request import Request

    from accounts.actors import Actor

MAX_BYTES: Final = 20 * 1024 * 1024
OVERHEAD: Final = 64 * 1024
"""What the other fields and the borders of a multipart body may add to the file."""
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


def submit_evidence(
    *,
    actor: Actor,
    data: bytes,
    title: str,
    kind: Evidence.Kind = Evidence.Kind.FILE,
    source_url: str = "",
    captured_on: date | None = None,
) -> Evidence:
    """Store a document, self-declared on both axes until a reviewer has checked it.

    A mail is an .eml file; nothing in it is believed before that. A page is its capture, with its
    address and day.
    """
    media_type = media_type_of(data)
    if kind == Evidence.Kind.MAIL and media_type != "message/rfc822":
        raise InvalidError("not_a_mail", "This file is not a mail.", "Save the mail as .eml.")
    if kind == Evidence.Kind.LINK:
        _require_link(source_url, captured_on)
    with transaction.atomic():
        return keep(
            actor=actor,
            data=data,
            media_type=media_type,
            title=title,
            kind=kind,
            source_url=source_url,
            captured_on=captured_on,
        )


def _require_link(source_url: str, captured_on: date | None) -> None:
    try:
        URLValidator(["http", "https"])(source_url)
    except ValidationError as error:
        raise InvalidError(
            "bad_source", "Write the whole address of the page, beginning with https://."
        ) from error
    if captured_on is None or captured_on > timezone.now().date():
        raise InvalidError("bad_date", "Say on which day the page looked like this.")


def length_of(request: HttpRequest | Request) -> int:
    """What a request announces to carry besides the borders of its parts, in bytes."""
    return int(request.META.get("CONTENT_LENGTH") or 0) - OVERHEAD


def require_size(size: int) -> None:
    """Refuse what is larger than evidence may be; call it before the bytes are read."""
    if size > MAX_BYTES:
        raise InvalidError(
            "evidence_too_large",
            f"The file has {size // 2**20} MB; evidence may have {MAX_BYTES // 2**20} MB.",
            "Upload the pages that matter.",
        )


def sized(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that takes a document; one that is too large is refused before it is read.

    The check of who sent the form reads the whole body, however long, so it comes after.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require_size(length_of(request))
        return protected(request, *args, **kwargs)

    return answer


def keep(*, actor: Actor, data: bytes, media_type: str, title: str, **fields: Any) -> Evidence:
    """Store the bytes and put them on record; call it inside a transaction."""
    require_size(len(data))
    sha256 = hashlib.sha256(data).hexdigest()
    storage.save("evidence", sha256, data)
    evidence = Evidence.objects.create(
        title=title.strip()[:200] or f"Evidence {sha256[:8]}",
        sha256=sha256,
        storage_key=storage.key_of("evidence", sha256),
        media_type=media_type,
        size=len(data),
        submitted_by_id=actor.id,
        **fields,
    )
    append(
        actor=actor.id,
        subject=f"evidence:{evidence.pk}",
        event=EvidenceSubmitted(sha256=sha256, media_type=media_type),
        statement=evidence.title,
    )
    return evidence


def check_evidence(
    *,
    actor: Actor,
    evidence: Evidence,
    identity: Level,
    title: Level,
    note: str,
    citations: str,
    expires_on: date | None = None,
) -> Evidence:
    """A reviewer or operator who did not submit it says what the evidence shows, and why.

    `citations` is what they looked at, from the page or the API: what cites the evidence since
    then was not looked at, and the check is refused.

    Holdings, protections, delegations and statuses that rest on it rise to `title`, grants to
    `identity`; a later check that finds less lowers them again. From the day after `expires_on`
    it shows nothing, until it is checked again.
    """
    _require_may_check(actor, evidence, note, expires_on)
    with transaction.atomic():
        locked = Evidence.objects.select_for_update().get(pk=evidence.pk)
        if locked.citations != citations:
            raise RefusedError(
                "citations_changed",
                "Since you looked, this evidence was cited for something else, or no longer is.",
                "Load it again and look at what it is cited for.",
            )
        locked.checked_by_id = actor.id
        locked.checked_at = timezone.now()
        locked.check_note = note.strip()
        locked.expires_on = expires_on
        holdings, grants = set_levels(actor, locked, identity, title)
        event = EvidenceChecked(
            identity=int(identity), title=int(title), holdings=holdings, grants=grants
        )
        append(actor=actor.id, subject=f"evidence:{locked.pk}", event=event, statement=note)
    return locked


def set_levels(actor: Actor, evidence: Evidence, identity: Level, title: Level) -> tuple[int, int]:
    """What cites it is now known this well; answers how many holdings and grants.

    Call it inside a transaction, with the evidence locked.
    """
    ceiling = max(evidence.title_level, title)
    # Locked, so that a link which another document is being put to is not raised by this one.
    citing = TitleLink.objects.select_for_update().filter(evidence=evidence, ended_at=None)
    holdings = list(citing.filter(level__lte=ceiling).order_by("work_id", "pk"))
    TitleLink.objects.filter(pk__in=[link.pk for link in holdings]).update(level=title)
    grants = Grant.objects.filter(
        evidence=evidence, identity_level__lte=max(evidence.identity_level, identity)
    ).update(identity_level=identity)
    delegations = Delegation.objects.filter(evidence=evidence, ended_at=None, level__lte=ceiling)
    principals = [str(each) for each in delegations.values_list("principal_id", flat=True)]
    delegations.update(level=title)
    TerritoryStatus.objects.filter(evidence=evidence, level__lte=ceiling).update(level=title)
    evidence.identity_level, evidence.title_level = identity, title
    evidence.save()
    _substantiate(actor, holdings, title)
    mark_stale(kind="evidence", refs=[str(evidence.pk)])
    mark_stale(kind="work", refs=_works_touched(actor, evidence))
    mark_stale(kind="party", refs=principals)
    given = Grant.objects.filter(evidence=evidence).values_list("pk", flat=True)
    mark_stale(kind="grant", refs=[str(grant) for grant in given])
    return len(holdings), grants


def _works_touched(actor: Actor, evidence: Evidence) -> list[str]:
    """Works whose title, licence, status or disputes look different now."""
    citing = (evidence.title_links, evidence.statuses, evidence.licence_claims)
    works = {str(work) for each in citing for work in each.values_list("work_id", flat=True)}
    claimed = {str(dispute.work_id) for dispute in evidence.claims.all()}
    return sorted({*works, *weigh_disputes(actor, works | claimed)})


def _require_may_check(
    actor: Actor, evidence: Evidence, note: str, expires_on: date | None
) -> None:
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
    if expires_on is not None and expires_on < timezone.now().date():
        raise InvalidError("expired_already", "It cannot end before today.", "Mend the date.")


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
