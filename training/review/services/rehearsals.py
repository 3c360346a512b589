"""Ask for a dry run: what the training would take, on blank pictures, before it is approved."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.errors import RefusedError
from ledger.outbox import ring
from training.models import Rehearsal
from training.review.estimates import basis_of
from training.review.services.locking import lock

if TYPE_CHECKING:
    from accounts.actors import Actor
    from training.models import Request

REHEARSE = {
    "cpu": "training.dispatch.tasks.rehearse",
    "gpu": "training.dispatch.tasks.rehearse_on_gpu",
}
FORGOTTEN = timedelta(minutes=15)
"""After so long one that did not end is not waited for: its worker or its doorbell was lost."""


def rehearse(*, actor: Actor, request: Request) -> Rehearsal:
    """Have two steps tried. Raises RefusedError while as many as the site allows are waited for."""
    with transaction.atomic():
        locked = lock(actor, request, "rehearse")
        live = Rehearsal.objects.filter(
            request__applicant=locked.applicant_id,
            state__in=(Rehearsal.State.WAITING, Rehearsal.State.WORKING),
            asked_at__gt=timezone.now() - FORGOTTEN,
        )
        if live.count() >= settings.RUNS_AT_ONCE:
            raise RefusedError(
                "rehearsals_waiting", "Other dry runs of yours are not done yet.", "Wait for them."
            )
        made = Rehearsal.objects.create(request=locked, basis=basis_of(locked))
        ring(REHEARSE[locked.resource], str(made.pk))
    return made
