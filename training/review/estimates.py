"""What a training will take: by a dry run of just this, else by earlier runs like it."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

import rfc8785
from django.conf import settings

from training.datasets.rules import digest
from training.models import Rehearsal, Run

if TYPE_CHECKING:
    from training.models import Request

EARLIER = 20
"""Runs that an estimate without a dry run looks back on."""


@dataclass(frozen=True)
class Estimate:
    """What a run is expected to take; `cost` is None where the site names no price."""

    seconds: float
    cost: float | None
    currency: str
    by: str
    """Where the figures come from, in words."""
    memory_bytes: int | None = None
    disk_bytes: int | None = None


def basis_of(request: Request) -> str:
    """The digest of all that the time of a request's run depends on, its prompts aside."""
    names = ("preset", "pace", "steps", "resource")
    body = {name: getattr(request, name) for name in names} | {
        "base": request.base.sha256,
        "pictures": request.image_set.items.count(),
        "threads": settings.TRAINER_THREADS,
    }
    return digest(rfc8785.dumps(body))


def cost_of(seconds: float, resource: str) -> float | None:
    """The price of a device for so long, in settings.RUN_COST_CURRENCY."""
    price = settings.RUN_COST_PER_HOUR.get(resource)
    return None if price is None else round(seconds / 3600 * price, 2)


def estimate(request: Request) -> Estimate | None:
    """What the request's run is expected to take; None where nothing is known yet."""
    tried = request.rehearsals.filter(state=Rehearsal.State.DONE, basis=basis_of(request)).first()
    if tried is not None and tried.seconds is not None:
        return _estimate(request, tried.seconds, "a dry run", tried.memory_bytes, tried.disk_bytes)
    earlier = Run.objects.filter(
        state=Run.State.TRAINED,
        request__base=request.base_id,
        request__preset=request.preset,
        request__pace=request.pace,
        resource=request.resource,
        steps__gt=0,
    ).order_by("-ended_at")[:EARLIER]
    paces = [run.busy_seconds / run.steps for run in earlier]
    if not paces:
        return None
    said = f"{len(paces)} earlier run{'s' if len(paces) > 1 else ''} like it"
    return _estimate(request, statistics.median(paces) * request.steps, said)


def _estimate(
    request: Request, seconds: float, by: str, memory: int | None = None, disk: int | None = None
) -> Estimate:
    cost = cost_of(seconds, request.resource)
    return Estimate(round(seconds, 1), cost, settings.RUN_COST_CURRENCY, by, memory, disk)
