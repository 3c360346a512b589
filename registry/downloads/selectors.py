"""Who may take which revision now: every way out asks here, one query for the standing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from accounts.actors import OVERSEERS
from provenance.clearance.services import holds
from registry.models import Acceptance, AccessRequest, FormerName, Model, Revision
from registry.release.selectors import (
    ENDED,
    find,
    is_owner,
    main_revision,
    subject_of,
    visible,
    visible_models,
    why_ended,
)

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from accounts.actors import Actor

MAIN = "main"
Gate = Literal["open", "sign-in", "accept", "ask", "waiting", "rejected"]
WHAT_TO_DO = (
    "Please stop using and passing on copies that you have; they keep working technically, and "
    "nothing here can take them back."
)
NOT_HOLDING = (
    "A permission that this model rests on was withdrawn or has ended; it is being looked into."
)


@dataclass(frozen=True)
class Notice:
    """Why a revision is not served (HTTP 451): told in full to everybody who asks."""

    state: str
    reason: str
    since: datetime
    what_to_do: str = WHAT_TO_DO


def revision_named(actor: Actor | None, model: Model, name: str) -> Revision | None:
    """`main`, a label or a full commit, as the Hub's clients name them; None where none is."""
    if name == MAIN:
        found = main_revision(actor, model)
        return found if found is not None and found.commit else None
    built = visible(actor).filter(model=model).exclude(commit="")
    return built.filter(Q(commit=name) | Q(labels__name=name)).first()


def notice_of(revision: Revision) -> Notice | None:
    """Why nothing of it is served now; None where it may be. Reads the standing, in one query.

    A permission that was just withdrawn counts before anybody has put the revision in quarantine.
    """
    if revision.state in ENDED:
        return Notice(revision.state, why_ended(revision), revision.ended_at or revision.created_at)
    if not holds(subject_of(revision), approved=True):
        return Notice("held back", NOT_HOLDING, timezone.now())
    return None


def terms_sha256(revision: Revision) -> str:
    """The digest by which the terms are accepted; "" where there are none."""
    return hashlib.sha256(revision.terms.encode()).hexdigest() if revision.terms else ""


def has_accepted(actor: Actor | None, revision: Revision) -> bool:
    """Whether the person accepted exactly these terms."""
    if actor is None:
        return False
    mine = Acceptance.objects.filter(revision=revision, user_id=actor.id)
    return mine.filter(terms_sha256=terms_sha256(revision)).exists()


def gate(actor: Actor | None, revision: Revision) -> Gate:
    """What stands between the person and the files. Owners and overseers accept nothing."""
    if not revision.terms or is_owner(actor, revision):
        return "open"
    if actor is None:
        return "sign-in"
    if actor.roles & OVERSEERS:
        return "open"
    if not has_accepted(actor, revision):
        return "accept"
    return _approval(actor, revision.model)


def _approval(actor: Actor, model: Model) -> Gate:
    if not model.by_approval:
        return "open"
    newest = access_of(actor, model)
    if newest is None:
        return "ask"
    return {"approved": "open", "waiting": "waiting", "rejected": "rejected"}[newest.state]  # type: ignore[return-value]


def access_of(actor: Actor | None, model: Model) -> AccessRequest | None:
    """The person's newest request for the model."""
    if actor is None:
        return None
    mine = AccessRequest.objects.filter(model=model, user_id=actor.id)
    return mine.order_by("-asked_at").first()


def renamed_to(actor: Actor | None, owner: str, name: str) -> Model | None:
    """The model that left this address, unless it had to leave it or is hidden from `actor`.

    One query in all three cases, so that none of them takes longer.
    """
    former = FormerName.objects.filter(
        owner=owner, name=name, for_cause=False, model__in=visible_models(actor)
    )
    found = former.select_related("model__owner").first()
    return found.model if found else None


def comparable(
    actor: Actor | None, old_id: UUID | str, new_id: UUID | str
) -> tuple[Revision, Revision]:
    """Two sealed revisions of one model that `actor` may see and that are served; or Http404."""
    old, new = find(actor, old_id), find(actor, new_id)
    if old.model_id != new.model_id or not (old.commit and new.commit):
        raise Http404
    if notice_of(old) or notice_of(new):
        raise Http404
    return old, new
