"""Decide anew about requests whose decision went stale, while somebody still rests on them."""

from __future__ import annotations

import logging

from django.utils import timezone

from accounts.errors import RefusedError
from provenance.clearance.selectors import undecided
from training.models import Request
from training.review.selectors import subject_of
from training.review.services.locking import evaluate

logger = logging.getLogger(__name__)
BATCH = 20
LIVE = (Request.State.SUBMITTED, Request.State.APPROVED)


def recheck() -> int:
    """Decide about the requests that waited longest; returns how many were decided."""
    live = Request.objects.filter(state__in=LIVE).select_related("image_set", "applicant", "base")
    requests = {subject_of(request): request for request in live}
    decided = 0
    for subject in undecided(requests, today=timezone.now().date(), limit=BATCH):
        request = requests[subject]
        try:
            evaluate(request)
        except RefusedError as refusal:
            logger.info("Request %s is decided about later: %s", request.pk, refusal)
        else:
            decided += 1
    return decided
