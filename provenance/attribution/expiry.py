"""Evidence whose day is over shows nothing until it is checked again."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actors import SYSTEM
from ledger.services import append
from provenance.attribution.evidence import set_levels
from provenance.attribution.party_events import EvidenceExpired
from provenance.models import Evidence, Level


def expire_evidence() -> int:
    """Lower what rests on evidence that ended before today; how many pieces were over.

    Its own levels fall too, so that the next sweep finds only what ended since.
    """
    shows_something = Q(identity_level__gt=0) | Q(title_level__gt=0)
    over = Q(expires_on__lt=timezone.now().date()) & shows_something
    ids = list(Evidence.objects.filter(over).order_by("pk").values_list("pk", flat=True))
    for pk in ids:
        with transaction.atomic():
            # checked anew, or lowered by another sweep, since the list was read: left alone
            locked = Evidence.objects.select_for_update().filter(over, pk=pk).first()
            if locked is None:
                continue
            event = EvidenceExpired(identity=locked.identity_level, title=locked.title_level)
            set_levels(SYSTEM, locked, Level.SELF_DECLARED, Level.SELF_DECLARED)
            append(actor=SYSTEM.id, subject=f"evidence:{pk}", event=event)
    return len(ids)
