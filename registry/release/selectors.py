"""Read models and revisions: what is published, and what each person may see of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.utils import timezone

from accounts.actors import OVERSEERS
from provenance.clearance import rules as clearance
from provenance.clearance import services as clearance_services
from provenance.models import Grant
from registry.models import Model, Revision
from registry.release import states
from training.models import Request
from training.review.selectors import use_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.actors import Actor
    from provenance.models import Evaluation
    from registry.models import Audit

ENDED = (Revision.State.QUARANTINED, Revision.State.WITHDRAWN)


def subject_of(revision: Revision) -> str:
    """The revision's subject in the ledger and among the standings."""
    return f"revision:{revision.pk}"


def is_owner(actor: Actor | None, revision: Revision) -> bool:
    """Whether the revision's model is the actor's own."""
    return actor is not None and str(revision.model.owner_id) == actor.id


def may_read_whole(actor: Actor | None, revision: Revision) -> bool:
    """Whether the actor may read all that audits found: the owner, and those who oversee."""
    return is_owner(actor, revision) or (actor is not None and bool(actor.roles & OVERSEERS))


def visible(actor: Actor | None) -> QuerySet[Revision]:
    """What was ever released, for everybody; the rest for owners and overseers."""
    found = Revision.objects.select_related(
        "model__owner", "run__request__base", "run__request__image_set", "run__manifest"
    )
    if actor is not None and actor.roles & OVERSEERS:
        return found
    public = Q(released_at__isnull=False)
    return found.filter(public | Q(model__owner=actor.id) if actor is not None else public)


def find(actor: Actor | None, revision_id: UUID | str) -> Revision:
    """The revision, if `actor` may see it; to a stranger it does not exist."""
    found = visible(actor).filter(pk=revision_id).first()
    if found is None:
        raise Http404
    return found


def visible_models(actor: Actor | None) -> QuerySet[Model]:
    """Models with a revision that `actor` may see."""
    seen = visible(actor).filter(model=OuterRef("pk"))
    return Model.objects.filter(Exists(seen)).select_related("owner")


def find_model(actor: Actor | None, owner: str, name: str) -> Model:
    """The model, if `actor` may see a revision of it."""
    found = visible_models(actor).filter(owner__username=owner, name=name).first()
    if found is None:
        raise Http404
    return found


def main_revision(actor: Actor | None, model: Model) -> Revision | None:
    """The newest revision that was ever released, whatever became of it.

    Nothing falls back silently to an older one when the newest is withdrawn. Where none was
    released, whoever may see it gets the newest one.
    """
    seen = visible(actor).filter(model=model)
    released = seen.filter(released_at__isnull=False).order_by("-released_at", "-created_at")
    return released.first() or seen.order_by("-created_at").first()


def latest_audit(revision: Revision) -> Audit | None:
    """The newest audit's row."""
    return revision.audits.order_by("-pk").first()


def commands_for(actor: Actor, revision: Revision) -> list[states.Command]:
    """The commands that would not be refused now."""
    found = states.allowed_commands(
        state=revision.state, roles=actor.roles, is_owner=is_owner(actor, revision)
    )
    audit = latest_audit(revision)
    flagged = audit is not None and audit.outcome == audit.Outcome.FLAGGED
    return [command for command in found if command.name != "accept-flag" or flagged]


def why_ended(revision: Revision) -> str:
    """Why it is not served any more: who withdrew what it was approved on, then what was decided.

    What they said stands with their permission alone and is read anew: it can be erased there.
    """
    approved = f"request:{revision.run.request_id}"
    over = Grant.objects.filter(uses__subject=approved, revoked_from__lte=timezone.now().date())
    told = [
        f"{grant.assigner} has withdrawn a permission that it rests on, and says: "
        f"“{grant.revocation_reason}”"
        for grant in over.select_related("assigner").order_by("revoked_at", "pk")
    ]
    return " ".join([*told, revision.ended_reason])


def request_of(revision: Revision) -> Request:
    """The request that was approved, as it stands now."""
    found = Request.objects.select_related("image_set", "applicant", "base")
    return found.get(pk=revision.run.request_id)


def evaluate(revision: Revision) -> Evaluation:
    """Decide anew about the revision's pictures, use and names. Slow; outside transactions.

    The answer becomes the revision's standing.
    """
    request = request_of(revision)
    return clearance_services.evaluate_set(
        image_set=request.image_set,
        use=use_of(request),
        subject=subject_of(revision),
        base=clearance.BaseFact(request.base_id, request.base.cleared),
    )


def open_findings(evaluation: Evaluation) -> list[dict[str, str]]:
    """The findings that keep the decision from being cleared, blocks first."""
    left = clearance_services.open_findings(evaluation)
    return sorted(left, key=lambda finding: finding["severity"] != "block")
