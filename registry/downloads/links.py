"""Links that fetch one file for one person for a few minutes, for programs that cannot sign in.

A link says who asked for it, and opens nothing by itself: when it is used, the revision must still
be served, and that person must still be one who may take it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from accounts.actors import Actor
from accounts.errors import RefusedError
from accounts.models import User
from registry.downloads.answers import LEGAL_REASONS, NEEDED
from registry.downloads.selectors import gate, notice_of
from registry.release.selectors import find

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from registry.models import ReleaseFile, Revision

LASTS = timedelta(minutes=10)
SALT = "registry.downloads.links"


class LinkRefusedError(RefusedError):
    """No link, one that is over, or one that its person may not use now."""

    status = 403


class NotServedError(RefusedError):
    """The revision is not served any more, or not now."""

    status = LEGAL_REASONS


def make_link(*, actor: Actor, revision: Revision, file: ReleaseFile) -> tuple[str, datetime]:
    """The link's path at this site, and when it ends."""
    _require_open(actor, revision)
    token = signing.dumps([str(revision.pk), file.path, actor.id], salt=SALT)
    return reverse("registry:linked", args=[revision.pk, token]), timezone.now() + LASTS


def opened(revision_id: UUID, token: str) -> tuple[Actor, Revision, ReleaseFile]:
    """Whom the link is for and what it leads to, if that person may take it at this moment."""
    try:
        named, path, user_id = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.SignatureExpired:
        raise LinkRefusedError("link_expired", "This link is over.", "Make a new one.") from None
    except signing.BadSignature:
        named = path = user_id = None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if named != str(revision_id) or user is None:
        raise LinkRefusedError("bad_link", "This is no link of this registry.", "Make a new one.")
    actor = Actor.of(user)
    revision = find(actor, revision_id)
    _require_open(actor, revision)
    return actor, revision, revision.files.get(path=path)


def _require_open(actor: Actor, revision: Revision) -> None:
    if (notice := notice_of(revision)) is not None:
        raise NotServedError("not_served", f"It is {notice.state}: {notice.reason}")
    if (needed := gate(actor, revision)) != "open":
        why = NEEDED.get(needed, "its owner's approval, which was refused")
        raise LinkRefusedError("gated", f"Access to model {revision.model} needs {why}.")
