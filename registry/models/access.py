"""Who asked to get a model whose owner decides about each person."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from registry.models.release import Model


class AccessRequest(models.Model):
    """One person's request; after a rejection the same person may make another."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting for its owner"
        APPROVED = "approved", "approved"
        REJECTED = "rejected", "rejected"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    model = models.ForeignKey(Model, on_delete=models.PROTECT, related_name="access_requests")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="access_requests"
    )
    purpose = models.TextField(max_length=2000)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    reason = models.TextField(blank=True, help_text="Of a rejection; the person reads it.")
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["model", "user"],
                condition=models.Q(state__in=["waiting", "approved"]),
                name="registry_access_one_open",
            )
        ]
