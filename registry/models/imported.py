"""Models that were trained elsewhere: kept apart from what this registry trained and audited."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from training.models import Base


class ImportedModel(models.Model):
    """A folder of weights whose making nobody here has seen. It has no revision and no audit."""

    class State(models.TextChoices):
        QUARANTINED = "quarantined", "quarantined: its provenance is not on record"
        UNVERIFIED = "unverified", "unverified: its provenance is what was stated, not audited"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="imported_models"
    )
    name = models.CharField(max_length=96)
    origin = models.CharField(max_length=500, help_text="Where the files were got from.")
    sha256 = models.CharField(max_length=64, help_text="Of the whole folder, as bases are named.")
    files = models.JSONField(help_text="path -> {sha256, size}")
    state = models.CharField(max_length=11, choices=State, default=State.QUARANTINED)
    provenance = models.TextField(blank=True, help_text="Who trained it, on what, by whose leave.")
    licence = models.CharField(max_length=60, blank=True)
    cleared = models.CharField(max_length=10, choices=Base.Cleared, default=Base.Cleared.UNKNOWN)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    imported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-imported_at"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="registry_import_name_once"),
            models.CheckConstraint(
                condition=models.Q(state="quarantined") | ~models.Q(provenance=""),
                name="registry_import_quarantined_until_recorded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner.username}/{self.name}"
