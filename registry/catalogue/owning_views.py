"""What the buttons of a model's page do, one row each; and what differs between revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import RefusedError
from accounts.requests import actor_of, maybe_actor_of, user_of
from registry.catalogue.views import uuid_of
from registry.downloads import access
from registry.downloads.links import make_link
from registry.downloads.selectors import comparable
from registry.downloads.services import accept_terms
from registry.models import AccessRequest
from registry.release import pointing, services
from registry.release.diffs import difference
from registry.release.selectors import find

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from accounts.actors import Actor
    from registry.models import Revision

    Sent = dict[str, str]
    Deed = Callable[[Actor, Revision, Sent], object]

DONE = "Done, and written into the ledger."


def _link(actor: Actor, revision: Revision, sent: Sent) -> str:
    file = get_object_or_404(revision.files, path=sent.get("path", ""))
    path, ends_at = make_link(actor=actor, revision=revision, file=file)
    return f"This link fetches {file.path} until {ends_at:%H:%M} UTC: {settings.SITE_URL}{path}"


def _deprecate(actor: Actor, revision: Revision, sent: Sent) -> None:
    wanted = sent.get("successor", "")
    successor = find(actor, uuid_of(wanted)) if wanted else None
    pointing.deprecate(
        actor=actor, revision=revision, reason=sent.get("reason", ""), successor=successor
    )


def _of_state(command: Callable[..., object], *, reason: bool = False) -> tuple[str, Deed]:
    """One of the commands that move a revision from state to state."""

    def run(actor: Actor, revision: Revision, sent: Sent) -> None:
        more: dict[str, Any] = {"reason": sent.get("reason", "")} if reason else {}
        command(actor=actor, revision=revision, **more)

    return DONE, run


COMMANDS: dict[str, tuple[str, Deed]] = {
    "release": _of_state(services.release),
    "audit": _of_state(services.audit_again),
    "withdraw": _of_state(services.withdraw, reason=True),
    "quarantine": _of_state(services.quarantine, reason=True),
    "lift": _of_state(services.lift, reason=True),
    "accept-flag": _of_state(services.accept_flag, reason=True),
    "accept": (
        "You accepted the terms.",
        lambda actor, revision, sent: accept_terms(
            actor=actor, revision=revision, terms_sha256=sent.get("terms_sha256", "")
        ),
    ),
    "ask": (
        "You asked. Its owner decides.",
        lambda actor, revision, sent: access.ask(
            actor=actor, model=revision.model, purpose=sent.get("purpose", "")
        ),
    ),
    "approval": (
        "Changed.",
        lambda actor, revision, sent: access.set_approval(
            actor=actor, model=revision.model, by_approval=sent.get("by_approval") == "yes"
        ),
    ),
    "label": (
        "Labelled, for ever.",
        lambda actor, revision, sent: pointing.set_label(
            actor=actor, revision=revision, label=sent.get("label", "")
        ),
    ),
    "deprecate": ("People read now that they should not use it.", _deprecate),
    "rename": (
        "Renamed; the old address leads on.",
        lambda actor, revision, sent: pointing.rename(
            actor=actor, model=revision.model, name=sent.get("name", "")
        ),
    ),
    "link": ("", _link),
}
"""By name: what is said when it is done ("": what it answers), and how it is done."""


@login_required
@require_POST
def command(request: HttpRequest, revision_id: str, name: str) -> HttpResponse:
    """One of the commands that the page offers."""
    actor = actor_of(request)
    revision = find(actor, revision_id)
    if name not in COMMANDS:
        raise Http404
    said, run = COMMANDS[name]
    return _done(request, revision, said, lambda: run(actor, revision, request.POST.dict()))


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


def _done(
    request: HttpRequest, revision: Revision, said: str, run: Callable[[], object]
) -> HttpResponse:
    try:
        answer = run()
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said or str(answer))
    revision.model.refresh_from_db()
    return redirect(f"/{quote(str(revision.model))}?revision={revision.pk}")


@require_safe
def diff(request: HttpRequest, revision_id: str, other_id: str) -> HttpResponse:
    """What differs between two revisions of a model that are both served."""
    actor = maybe_actor_of(request)
    old, new = comparable(actor, revision_id, other_id)
    found = difference(old, new)
    groups = [("Added", found.added), ("Removed", found.removed), ("Changed", found.changed)]
    context = {"old": old, "new": new, "found": found, "groups": groups}
    return render(request, "registry/diff.html", context)
