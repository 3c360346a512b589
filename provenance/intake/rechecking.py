"""Decide anew about sets whose verdict went stale: what nobody looks at is still kept true."""

from __future__ import annotations

import logging

from django.utils import timezone

from accounts.errors import RefusedError
from provenance.clearance.selectors import undecided
from provenance.clearance.services import evaluate_set
from provenance.intake.selectors import plain_use, subject_of
from provenance.models import ImageSet

logger = logging.getLogger(__name__)
BATCH = 20


def recheck() -> int:
    """Decide about the sets that waited longest; returns how many were decided."""
    sets = {subject_of(image_set): image_set for image_set in ImageSet.objects.all()}
    decided = 0
    for subject in undecided(sets, today=timezone.now().date(), limit=BATCH):
        image_set = sets[subject]
        try:
            evaluate_set(image_set=image_set, use=plain_use(image_set), subject=subject)
        except RefusedError as refusal:
            logger.info("Set %s is decided about later: %s", image_set.pk, refusal)
        else:
            decided += 1
    return decided
