"""Pages' forms about what points to a model and who gets it, and what differs between revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import RefusedError
from accounts.requests import actor_of, maybe_actor_of, user_of
from registry.catalogue.views import uuid_of
from registry.downloads import access
from registry.downloads.selectors import comparable
from registry.models import AccessRequest
from registry.release import pointing
from registry.release.diffs import difference
from registry.release.selectors import find

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from registry.models import Revision


def _done(
    request: HttpRequest, revision: Revision, said: str, command: Callable[[], object]
) -> HttpResponse:
    try:
        command()
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    revision.model.refresh_from_db()
    return redirect(f"/{quote(str(revision.model))}?revision={revision.pk}")


@login_required
@require_POST
def ask(request: HttpRequest, revision_id: str) -> HttpResponse:
    """Ask the owner for the model."""
    actor = actor_of(request)
    revision, purpose = find(actor, revision_id), request.POST.get("purpose", "")
    return _done(
        request, revision, "You asked. Its owner decides.",
        lambda: access.ask(actor=actor, model=revision.model, purpose=purpose),
    )  # fmt: skip


@login_required
@require_POST
def decide(request: HttpRequest, request_id: str) -> HttpResponse:
    """Approve or reject a request for a model of one's own."""
    actor = actor_of(request)
    mine = AccessRequest.objects.filter(model__owner=user_of(request))
    asked = get_object_or_404(mine.select_related("model__owner"), pk=request_id)
    revision = asked.model.revisions.latest("created_at")
    if request.POST.get("decision") == "approve":
        said = "Approved: the person can download it now."
        return _done(request, revision, said, lambda: access.approve(actor=actor, request=asked))
    reason = request.POST.get("reason", "")
    said = "Rejected: the person reads the reason and may ask again."
    return _done(
        request, revision, said, lambda: access.reject(actor=actor, request=asked, reason=reason)
    )


@login_required
@require_POST
def approval(request: HttpRequest, revision_id: str) -> HttpResponse:
    """Whether the owner decides about each person."""
    actor = actor_of(request)
    revision, yes = find(actor, revision_id), request.POST.get("by_approval") == "yes"
    return _done(
        request, revision, "Changed.",
        lambda: access.set_approval(actor=actor, model=revision.model, by_approval=yes),
    )  # fmt: skip


@login_required
@require_POST
def label(request: HttpRequest, revision_id: str) -> HttpResponse:
    """Name a revision."""
    actor = actor_of(request)
    revision, text = find(actor, revision_id), request.POST.get("label", "")
    return _done(
        request, revision, "Labelled, for ever.",
        lambda: pointing.set_label(actor=actor, revision=revision, label=text),
    )  # fmt: skip


@login_required
@require_POST
def deprecate(request: HttpRequest, revision_id: str) -> HttpResponse:
    """Advise against a revision."""
    actor = actor_of(request)
    revision, reason = find(actor, revision_id), request.POST.get("reason", "")
    wanted = request.POST.get("successor", "")
    successor = find(actor, uuid_of(wanted)) if wanted else None
    return _done(
        request, revision, "People read now that they should not use it.",
        lambda: pointing.deprecate(
            actor=actor, revision=revision, reason=reason, successor=successor
        ),
    )  # fmt: skip


@login_required
@require_POST
def rename(request: HttpRequest, revision_id: str) -> HttpResponse:
    """Give the model another name."""
    actor = actor_of(request)
    revision, name = find(actor, revision_id), request.POST.get("name", "")
    return _done(
        request, revision, "Renamed; the old address leads on.",
        lambda: pointing.rename(actor=actor, model=revision.model, name=name),
    )  # fmt: skip


@require_safe
def diff(request: HttpRequest, revision_id: str, other_id: str) -> HttpResponse:
    """What differs between two revisions of a model that are both served."""
    actor = maybe_actor_of(request)
    old, new = comparable(actor, revision_id, other_id)
    found = difference(old, new)
    groups = [("Added", found.added), ("Removed", found.removed), ("Changed", found.changed)]
    context = {"old": old, "new": new, "found": found, "groups": groups}
    return render(request, "registry/diff.html", context)
