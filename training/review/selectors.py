"""Read requests: whom each may be shown to, what they ask for, and where their decision stands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db.models import Q
from django.http import Http404

from accounts.actors import OVERSEERS
from provenance.clearance import rules as clearance
from provenance.models import Evaluation
from training.datasets.rules import digest
from training.datasets.selectors import manifest_for
from training.models import Request
from training.review import rules

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.actors import Actor
    from provenance.models import SetImage


@cache
def presets() -> dict[str, Any]:
    """What may be taught, and what each pace of it gives and costs: the trainer's own file."""
    path = settings.BASE_DIR / "training" / "dreambooth" / "presets.json"
    return cast("dict[str, Any]", json.loads(path.read_text()))


def steps_of(preset: str, pace: str, steps: int | None) -> int:
    """`steps` where they are given, else the preset's; 500 where there is neither."""
    if steps is not None:
        return steps
    found = presets().get(preset, {}).get("paces", {}).get(pace, {})
    return int(found.get("options", {}).get("steps", 500))


def subject_of(request: Request) -> str:
    """The request's subject in the ledger and among the standings."""
    return f"request:{request.pk}"


def visible(actor: Actor) -> QuerySet[Request]:
    """One's own requests; reviewers, auditors and operators also see what others submitted."""
    mine = Q(applicant=actor.id)
    found = Request.objects.select_related("image_set__owner", "applicant", "base")
    if actor.roles & OVERSEERS:
        return found.filter(mine | ~Q(state=Request.State.DRAFT))
    return found.filter(mine)


def find(actor: Actor, request_id: UUID | str) -> Request:
    """The request, if `actor` may see it; to a stranger it does not exist."""
    found = visible(actor).filter(pk=request_id).first()
    if found is None:
        raise Http404
    return found


def waiting(actor: Actor) -> QuerySet[Request]:
    """What `actor` may review, oldest first: never one's own."""
    submitted = visible(actor).filter(state=Request.State.SUBMITTED)
    own = Q(applicant=actor.id) | Q(image_set__owner=actor.id)
    return submitted.exclude(own).order_by("submitted_at")


def is_own(actor: Actor, request: Request) -> bool:
    """Whether `actor` made the request or owns its set: either way, no reviewer of it."""
    return actor.id in {str(request.applicant_id), str(request.image_set.owner_id)}


def commands_for(actor: Actor, request: Request) -> list[str]:
    """The commands that would not be refused now."""
    return rules.allowed_commands(
        state=request.state, roles=actor.roles, is_applicant=is_own(actor, request)
    )


def use_of(request: Request) -> clearance.Use:
    """What the request asks of every rights-holder and person."""
    actions = ["train", "distribute-weights"]
    if request.commercial:
        actions.append("commercial-outputs")
    prompts = [request.instance_prompt, request.class_prompt, *request.sample_prompts]
    return clearance.Use(
        applicant=str(request.applicant_id),
        actions=tuple(actions),
        purpose=request.purpose,
        purposes=tuple(request.purposes),
        recipients="registered" if request.gated else "public",
        request=str(request.pk),
        commercial=request.commercial,
        territories=tuple(request.territories),
        base=request.base_id,
        texts=(
            ("owner", request.applicant.username),
            ("name", request.model_name),
            ("token", request.token),
            *(("prompt", prompt) for prompt in dict.fromkeys(prompts)),
            *(("caption", caption) for caption in dict.fromkeys(request.captions.values())),
            ("set", request.image_set.name),
        ),
    )


def latest_evaluation(request: Request) -> Evaluation | None:
    """The newest answer about this request, with its facts."""
    found = Evaluation.objects.filter(subject=subject_of(request)).select_related("facts")
    return found.order_by("-evaluated_at").first()


def manifest_sha256(request: Request, evaluation: Evaluation | None) -> str:
    """The digest that approving would sign now, or "" where there is nothing to approve."""
    if evaluation is None or request.state != Request.State.SUBMITTED:
        return ""
    return digest(manifest_for(request, evaluation).to_bytes())


def open_groups(evaluation: Evaluation) -> list[list[dict[str, Any]]]:
    """The unresolved flags, like ones together, in the order they were found."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for finding in evaluation.findings:
        if finding["severity"] == clearance.Severity.FLAG and not finding["resolved"]:
            groups.setdefault(finding["group"], []).append(finding)
    return list(groups.values())


@dataclass(frozen=True)
class Picture:
    """One picture of the set as the review page shows it."""

    item: SetImage
    outcome: str
    findings: list[dict[str, Any]]


def pictures_of(request: Request, evaluation: Evaluation | None) -> list[Picture]:
    """The set's pictures in order, each with its verdict and what was found about it."""
    outcomes: dict[str, str] = evaluation.pictures if evaluation else {}
    found: dict[str, list[dict[str, Any]]] = {}
    for finding in evaluation.findings if evaluation else []:
        found.setdefault(finding["subject"], []).append(finding)
    items = request.image_set.items.select_related("image", "work").order_by("position")
    return [
        Picture(item, outcomes.get(str(item.pk), ""), found.get(str(item.pk), [])) for item in items
    ]


def about_the_set(evaluation: Evaluation | None) -> list[dict[str, Any]]:
    """The findings that are about no single picture: the set, its base, its names."""
    findings = evaluation.findings if evaluation else []
    return [f for f in findings if str(f["subject"]) not in evaluation_pictures(evaluation)]


def evaluation_pictures(evaluation: Evaluation | None) -> set[str]:
    """Ids of the pictures that the evaluation is about."""
    return set(evaluation.pictures) if evaluation else set()
