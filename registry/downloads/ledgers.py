"""What people may read about downloads: their own receipts, what holders are told, what has ended.

A holder gets counts. Names of accounts only where the accepted terms say that they are told.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from ledger.rules import canonical, timestamp
from ledger.signing import load_or_create_key, public_hex, sign
from provenance.models import Grant, Party
from registry.cards.services import NAMES_TOLD
from registry.models import Acceptance, Download, Revision
from registry.release.selectors import ENDED

if TYPE_CHECKING:
    from accounts.models import User

TYPE = "imprimatur-revocations-1"


def receipts_of(user: User) -> list[dict[str, Any]]:
    """What the person downloaded and which terms they accepted for it."""
    accepted = {
        row.revision_id: row for row in Acceptance.objects.filter(user=user).order_by("accepted_at")
    }
    taken = Download.objects.filter(user=user).select_related("revision__model__owner")
    return [
        {
            "model": str(row.revision.model),
            "commit": row.revision.commit,
            "state": row.revision.state,
            "licence": row.revision.licence,
            "first_at": timestamp(row.first_at),
            "last_at": timestamp(row.last_at),
            "terms_sha256": getattr(accepted.get(row.revision_id), "terms_sha256", None),
        }
        for row in taken.order_by("-first_at")
    ]


def uses_of(user: User) -> list[dict[str, Any]]:
    """For each permission of a party that `user` speaks for: the revisions that rest on it."""
    grants = Grant.objects.filter(assigner__in=Party.spoken_for_by(user.pk)).order_by("pk")
    return [_use(grant, revision) for grant in grants for revision in _resting_on(grant)]


def _resting_on(grant: Grant) -> list[Revision]:
    found = Revision.objects.filter(
        released_at__isnull=False, run__manifest__body__contains=f'"{grant.pk}"'
    )
    return list(found.select_related("model__owner").order_by("released_at"))


def _use(grant: Grant, revision: Revision) -> dict[str, Any]:
    told: list[str] = []
    if NAMES_TOLD in revision.terms:
        told = list(
            revision.acceptances.order_by("user__username").values_list("user__username", flat=True)
        )
    return {
        "grant": str(grant.pk),
        "model": str(revision.model),
        "commit": revision.commit,
        "state": revision.state,
        "acceptances": revision.acceptances.count(),
        "people_who_downloaded": revision.downloads.count(),
        "accounts": told,
    }


def revocations() -> dict[str, Any]:
    """Every revision that was released and is not served any more, signed by the release key."""
    ended = Revision.objects.filter(state__in=ENDED, released_at__isnull=False)
    body = {
        "type": TYPE,
        "at": timestamp(timezone.now()),
        "ended": [
            {"commit": r.commit, "state": r.state, "since": timestamp(r.ended_at)}
            for r in ended.order_by("ended_at")
            if r.ended_at
        ],
    }
    text = canonical(body)
    key = load_or_create_key(settings.KEYS_DIR / "release.key")
    signature = b64encode(sign(text.encode(), key).signature).decode()
    return {"signed": text, "key": public_hex(key), "signature": signature}
