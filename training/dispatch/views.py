"""Pages of runs: the list, and one run while it trains and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.errors import RefusedError
from accounts.requests import actor_of
from training.dispatch import commands, rules, selectors
from training.dispatch.api import log_file, sample_file
from training.dispatch.plot import loss_plot
from training.review.estimates import cost_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import FileResponse, HttpRequest, HttpResponse

    from accounts.actors import Actor
    from training.models import Run

PAGE = 25


def _context(actor: Actor, found: Run) -> dict[str, Any]:
    return {
        "run": found,
        "live": found.state in selectors.LIVE,
        "commands": [rules.BY_NAME[name] for name in selectors.commands_for(actor, found)],
        "plot": loss_plot([(point.step, point.loss) for point in found.points.all()]),
        "cost": cost_of(found.busy_seconds, found.resource),
        "currency": settings.RUN_COST_CURRENCY,
        "samples": found.samples.order_by("pk"),
    }


@login_required
def runs(request: HttpRequest) -> HttpResponse:
    """The runs that one may see, newest first."""
    page = Paginator(selectors.visible(actor_of(request)), PAGE)
    context = {"page_obj": page.get_page(request.GET.get("page"))}
    return render(request, "training/runs.html", context)


@login_required
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """One run; while it is live its part of the page asks for itself again every two seconds."""
    actor = actor_of(request)
    context = _context(actor, selectors.find(actor, run_id))
    htmx = request.headers.get("HX-Request") == "true"
    return render(request, "training/run_live.html" if htmx else "training/run.html", context)


@login_required
@require_POST
def command(request: HttpRequest, run_id: UUID, name: str) -> HttpResponse:
    """Give one command of the table, then show the run."""
    actor = actor_of(request)
    found = selectors.find(actor, run_id)
    if name not in rules.BY_NAME:
        raise Http404
    try:
        commands.give(actor=actor, run=found, name=name)
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, rules.BY_NAME[name].done)
    return redirect("training:run", run_id=found.pk)


@login_required
def log(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """What the trainer wrote besides its progress."""
    return log_file(selectors.find(actor_of(request), run_id))


@login_required
def sample(request: HttpRequest, run_id: UUID, sample_id: int) -> FileResponse:
    """One sample picture, for those who may see the run."""
    return sample_file(selectors.find(actor_of(request), run_id), sample_id)
