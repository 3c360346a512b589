"""Pages of requests: the applicant's, the queue, and the one on which a reviewer decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.errors import RefusedError
from accounts.requests import actor_of
from provenance.clearance.rules.table import WHEN
from provenance.intake.selectors import own_set
from provenance.screening.selectors import matches_of
from training.review import selectors, services
from training.review.estimates import estimate
from training.review.forms import DraftForm
from training.review.rules import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from accounts.actors import Actor
    from accounts.models import User
    from provenance.models import Match, SetImage
    from training.models import Request

PAGE = 25
DONE = {
    "check": "The set was checked again.",
    "rehearse": "Two steps are being tried on blank pictures; the estimate appears here.",
    "submit": "Submitted. The set is frozen until a reviewer has decided.",
    "close": "You took the request back; the set can be changed again.",
    "resolve": "Resolved, with your reason on record.",
    "approve": "Approved and signed. Its run is queued.",
    "return": "Returned to the applicant, with your reason.",
    "reject": "Rejected, with your reason.",
    "revoke": "The approval was taken back. A live run is halted.",
}


@login_required
def requests(request: HttpRequest) -> HttpResponse:
    """One's own requests, and for reviewers and auditors those of others."""
    page = Paginator(selectors.visible(actor_of(request)), PAGE)
    context = {"page_obj": page.get_page(request.GET.get("page"))}
    return render(request, "training/requests.html", context)


@login_required
def request_new(request: HttpRequest, set_id: UUID) -> HttpResponse:
    """Fill in what a set is to be used for."""
    image_set = own_set(cast("User", request.user), set_id)
    form = DraftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _kept(
            form,
            lambda: services.create_request(
                actor=actor_of(request), image_set=image_set, draft=form.draft()
            ),
        )
        if made is not None:
            services.check(actor=actor_of(request), request=made)
            return redirect("training:request", request_id=made.pk)
    context = {"form": form, "image_set": image_set, "presets": selectors.presets()}
    return render(request, "training/request_form.html", context)


@login_required
def request_edit(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Change what a draft says."""
    found = selectors.find(actor_of(request), request_id)
    if "edit" not in selectors.commands_for(actor_of(request), found):
        return redirect("training:request", request_id=found.pk)
    form = DraftForm(request.POST or None, initial=DraftForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        kept = _kept(
            form,
            lambda: services.edit_draft(actor=actor_of(request), request=found, draft=form.draft()),
        )
        if kept is not None:
            services.check(actor=actor_of(request), request=kept)
            return redirect("training:request", request_id=found.pk)
    context = {
        "form": form,
        "image_set": found.image_set,
        "request_": found,
        "presets": selectors.presets(),
    }
    return render(request, "training/request_form.html", context)


def _kept(form: DraftForm, command: Any) -> Request | None:
    """The command's answer; what it refuses is written into the form."""
    try:
        return cast("Request", command())
    except ValidationError as error:
        form.add_error(None, error)
    except RefusedError as refusal:
        form.add_error(None, str(refusal))
    return None


def _context(actor: Actor, found: Request) -> dict[str, Any]:
    evaluation = selectors.latest_evaluation(found)
    allowed = selectors.commands_for(actor, found)
    return {
        "request_": found,
        "evaluation": evaluation,
        "pictures": selectors.pictures_of(found, evaluation),
        "set_findings": selectors.about_the_set(evaluation),
        "texts": _texts(found),
        "commands": [BY_NAME[name] for name in allowed],
        "allowed": allowed,
        "may_decide": any(BY_NAME[name].by == "reviewer" for name in allowed),
        "decisions": found.decisions.select_related("reviewer"),
        "runs": found.runs.all(),
        "estimate": estimate(found),
        "rehearsal": found.rehearsals.first(),
    }


def _texts(found: Request) -> list[tuple[str, str]]:
    """Every text that could carry a name, each with what it is."""
    prompts = {found.class_prompt: "class prompt", found.instance_prompt: "instance prompt"}
    return [
        (prompts.get(text, "sample prompt") if place == "prompt" else place, text)
        for place, text in selectors.use_of(found).texts
    ]


@login_required
def request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: its verdict, what was decided, and what you may do now."""
    actor = actor_of(request)
    found = selectors.find(actor, request_id)
    return render(request, "training/request.html", _context(actor, found))


@login_required
def review_queue(request: HttpRequest) -> HttpResponse:
    """What waits for this reviewer, oldest first."""
    actor = actor_of(request)
    if "reviewer" not in actor.roles:
        raise PermissionDenied("The review queue needs the role of a reviewer.")
    page = Paginator(selectors.waiting(actor), PAGE)
    context = {"page_obj": page.get_page(request.GET.get("page"))}
    return render(request, "training/review_queue.html", context)


@login_required
def review(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """All that a decision rests on, on one page, with the digest that approving signs."""
    actor = actor_of(request)
    if "reviewer" not in actor.roles:
        raise PermissionDenied("Reviewing needs the role of a reviewer.")
    found = selectors.find(actor, request_id)
    context = _context(actor, found)
    evaluation = context["evaluation"]
    names = {str(picture.item.pk): picture.item for picture in context["pictures"]}
    context["groups"] = [
        (WHEN[group[0]["code"]][1], [_with_picture(finding, names) for finding in group])
        for group in (selectors.open_groups(evaluation) if evaluation else [])
    ]
    context["manifest_sha256"] = selectors.manifest_sha256(found, evaluation)
    return render(request, "training/review.html", context)


def _with_picture(
    finding: dict[str, Any], items: dict[str, SetImage]
) -> tuple[dict[str, Any], SetImage | None, list[Match]]:
    """The finding, its picture, and what that resembles where the finding is about that."""
    item = items.get(finding["subject"])
    compared = finding["code"].startswith("match_")
    return finding, item, matches_of(item) if item and compared else []


@login_required
@require_POST
def command(request: HttpRequest, request_id: UUID, name: str) -> HttpResponse:
    """Give one command of the table, then show the page it was given on."""
    actor = actor_of(request)
    found = selectors.find(actor, request_id)
    if name not in DONE:
        raise Http404
    try:
        _give(name, actor, found, request.POST.dict())
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, DONE[name])
    reviewing = BY_NAME[name].by == "reviewer" and "reviewer" in actor.roles
    page = "training:review" if reviewing else "training:request"
    return redirect(page, request_id=found.pk)


def _give(name: str, actor: Actor, found: Request, data: dict[str, Any]) -> None:
    given: dict[str, Any] = {"actor": actor, "request": found}
    reason = {"reason": data.get("reason", "")}
    plain: dict[str, Callable[..., Any]] = {
        "check": services.check,
        "rehearse": services.rehearse,
        "submit": services.submit,
        "close": services.close,
    }
    if name in plain:
        plain[name](**given)
    elif name == "resolve":
        chosen = {"group": data.get("group", ""), "subject": data.get("subject", "")}
        services.resolve_flags(**given, **reason, **chosen)
    elif name == "approve":
        services.approve(**given, **reason, manifest_sha256=data.get("manifest_sha256", ""))
    else:
        decide = {
            "return": services.return_request,
            "reject": services.reject,
            "revoke": services.revoke,
        }
        decide[name](**given, **reason)
