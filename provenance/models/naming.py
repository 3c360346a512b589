"""Decisions about names that two people have."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from provenance.models.party import Party


class Namesake(models.Model):
    """A reviewer decided that this user may use this form: it is their own proven name too."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="namesake_decisions"
    )
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="namesakes")
    """Whose protected name it resembles."""
    form = models.CharField(max_length=200, help_text="Exactly as it may be written.")
    reason = models.TextField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "party", "form"], name="provenance_namesake_once"
            )
        ]

    def __str__(self) -> str:
        return self.form
