"""The outbox: doorbells written in the caller's transaction, sent by the relay after its commit."""

from __future__ import annotations

import uuid

from django.utils import timezone

from ledger.models import Doorbell
from ledger.services import require_transaction


def ring(task: str, object_id: str) -> None:
    """Have the Celery task `task` (its full name) look at `object_id` once this commits.

    Ringing twice before the relay came by sends one message. The row's `ring` changes each time:
    a relay that sent the earlier ring while this transaction was open does not remove this one.
    """
    require_transaction("outbox.ring")
    Doorbell.objects.bulk_create(
        [Doorbell(task=task, object_id=object_id, ring=uuid.uuid4(), created_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["task", "object_id"],
        update_fields=["ring"],
    )
