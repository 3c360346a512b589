"""Base models that may be trained on here, with the truth about them."""

from __future__ import annotations

from django.db import models


class Base(models.Model):
    """A base model: a folder, its digest, its licence, and what it was itself trained on."""

    class Cleared(models.TextChoices):
        CLEARED = "cleared", "cleared: its training data is licensed or its own"
        UNCLEARED = "uncleared", "uncleared: it was trained on data nobody was asked for"
        UNKNOWN = "unknown", "unknown: nobody has said what it was trained on"

    name = models.CharField(primary_key=True, max_length=120)
    folder = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64)
    files = models.JSONField(default=dict, help_text="Relative path -> sha256 of each file.")
    licence = models.CharField(max_length=60)
    restrictions = models.TextField(
        blank=True, help_text="Rules of use that its licence passes on."
    )
    cleared = models.CharField(max_length=10, choices=Cleared, default=Cleared.UNKNOWN)
    provenance = models.TextField(help_text="What it was trained on, and with whose permission.")
    intended_use = models.TextField(blank=True)
    registered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
