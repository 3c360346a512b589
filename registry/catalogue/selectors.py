"""Read the catalogue: released models to browse and search, and all that one model's page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Q, Subquery

from accounts.actors import OVERSEERS
from provenance.intake import storage
from provenance.models import Protection
from registry.downloads.selectors import (
    access_of,
    gate,
    has_accepted,
    notice_of,
    terms_sha256,
)
from registry.models import AccessRequest, Model, Revision
from registry.release.selectors import (
    commands_for,
    is_owner,
    latest_audit,
    main_revision,
    may_read_whole,
    visible,
)
from training.datasets.services import run_folder

if TYPE_CHECKING:
    from pathlib import Path

    from django.db.models import QuerySet

    from accounts.actors import Actor
    from registry.downloads.selectors import Notice
    from registry.models import Audit
    from registry.release.states import Command

LONGEST_SEARCH = 200


def catalogue(actor: Actor | None, search: str = "") -> QuerySet[Revision]:
    """For each model its newest released revision; owners also find their own unreleased ones."""
    shown = Q(state=Revision.State.RELEASED)
    if actor is not None:
        shown |= Q(model__owner=actor.id)
    newest = visible(actor).filter(model=OuterRef("pk")).order_by("-released_at", "-created_at")
    ids = Model.objects.annotate(newest=Subquery(newest.values("pk")[:1])).values("newest")
    found = visible(actor).filter(shown, pk__in=ids)
    for word in search[:LONGEST_SEARCH].split():
        found = found.filter(
            Q(model__name__icontains=word)
            | Q(model__owner__username__icontains=word)
            | Q(card__icontains=word)
        )
    return found.prefetch_related("files").order_by("-released_at", "-created_at")


@dataclass(frozen=True)
class ModelPage:
    """What one model's page shows to one person."""

    model: Model
    revision: Revision
    notice: Notice | None
    audit: Audit | None
    gate: str
    accepted: bool
    terms_sha256: str
    commands: list[Command]
    history: list[Revision]
    may_read_audit: bool
    """May read all that the audit found, not only its summary."""
    may_compare: bool
    """May see the pictures that samples were compared with: those who review."""
    access: AccessRequest | None
    """The person's newest request, where the owner decides about each."""
    is_owner: bool
    waiting: list[AccessRequest]
    """To its owner: who waits for a decision."""

    @property
    def may_download(self) -> bool:
        return bool(self.revision.commit) and self.notice is None and self.gate == "open"


def model_page(actor: Actor | None, model: Model, chosen: Revision | None = None) -> ModelPage:
    """The page for `actor`, of `chosen` or of what `main` points to.

    A draft in the making is what its owner wants to see while nothing is released.
    """
    revision = chosen or main_revision(actor, model)
    assert revision is not None  # noqa: S101 - a visible model has a visible revision
    built = bool(revision.commit)
    return ModelPage(
        model=model,
        revision=revision,
        notice=notice_of(revision) if built else None,
        audit=latest_audit(revision),
        gate=gate(actor, revision) if built else "open",
        accepted=has_accepted(actor, revision),
        terms_sha256=terms_sha256(revision),
        commands=commands_for(actor, revision) if actor is not None else [],
        history=list(
            visible(actor)
            .filter(model=model)
            .prefetch_related("labels")
            .order_by("-released_at", "-created_at")
        ),
        may_read_audit=may_read_whole(actor, revision),
        may_compare=actor is not None and bool(actor.roles & OVERSEERS),
        access=access_of(actor, model) if model.by_approval else None,
        is_owner=is_owner(actor, revision),
        waiting=_waiting(model) if is_owner(actor, revision) else [],
    )


def _waiting(model: Model) -> list[AccessRequest]:
    found = model.access_requests.filter(state=AccessRequest.State.WAITING)
    return list(found.select_related("user").order_by("asked_at"))


def picture_of_pair(actor: Actor | None, revision: Revision, index: int, side: str) -> Path | None:
    """Where the sample, or the known picture, of a pair in the newest audit lies."""
    audit = latest_audit(revision)
    if actor is None or not actor.roles & OVERSEERS or audit is None:
        return None
    pairs: list[dict[str, str]] = audit.report["memorisation"].get("pairs", [])
    if index >= len(pairs):
        return None
    if side == "sample":
        return run_folder(revision.run) / "output" / pairs[index]["sample"]
    kind, _, reference = pairs[index]["picture"].partition(":")
    if kind == "protected":
        protections = Protection.objects.filter(pk=reference).select_related("image")
        found = protections.first()
        reference = found.image.normalised_sha256 if found and found.image else ""
    return storage.path_of("normalised", reference) if reference else None
