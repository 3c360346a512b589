"""Two records that turned out to be one party: what was moved, so that it can be moved back."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from ledger.append_only import AppendOnlyModel
from provenance.models.party import Party


class PartyMerge(AppendOnlyModel):
    """One merge, or (with `undoes`) the undoing of one. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kept = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    undoes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by"
    )
    moved = models.JSONField(help_text="By table and column: the ids that named the merged party.")
    reason = models.TextField()
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    merged_at = models.DateTimeField(auto_now_add=True)
