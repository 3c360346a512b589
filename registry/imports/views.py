"""Pages of imported models: what is stated about each, and the forms of those who may act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import RefusedError
from accounts.requests import actor_of, maybe_actor_of
from registry.imports import selectors, services
from training.models import Base

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

COMMANDS = {
    "provenance": (services.record_provenance, ("provenance", "licence", "cleared")),
    "accept": (services.accept, ("reason",)),
    "quarantine": (services.quarantine, ("reason",)),
}

DECISIONS = (("accept", "Accept the record"), ("quarantine", "Quarantine again"))


@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """Imported models that the person may see."""
    found = selectors.visible(maybe_actor_of(request))[:200]
    return render(request, "registry/imports.html", {"imports": found})


@require_safe
def imported(request: HttpRequest, import_id: str) -> HttpResponse:
    """One imported model."""
    actor = maybe_actor_of(request)
    found = selectors.find(actor, import_id)
    context = {
        "imported": found,
        "commands": selectors.commands_for(actor, found),
        "cleared": Base.Cleared.choices,
        "decisions": DECISIONS,
    }
    return render(request, "registry/imported.html", context)


@login_required
@require_POST
def command(request: HttpRequest, import_id: str, name: str) -> HttpResponse:
    """One of the commands that the page offers."""
    actor = actor_of(request)
    found = selectors.find(actor, import_id)
    if name not in COMMANDS:
        raise Http404
    give, fields = COMMANDS[name]
    try:
        give(actor=actor, imported=found, **{f: request.POST.get(f, "") for f in fields})  # type: ignore[operator]
    except (RefusedError, PermissionDenied) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Done, and written into the ledger.")
    return redirect("registry:imported", import_id)
