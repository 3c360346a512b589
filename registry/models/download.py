"""Who accepted which terms, and who downloaded what, so that they can be told of a withdrawal."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from registry.models.release import Revision


class Acceptance(models.Model):
    """A person accepted the terms of one revision, word for word (by digest)."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="acceptances")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="acceptances"
    )
    terms_sha256 = models.CharField(max_length=64)
    accepted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "user", "terms_sha256"], name="registry_acceptance_once"
            )
        ]


class Download(models.Model):
    """A signed-in person took files of a revision (one row a person and revision)."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="downloads")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="downloads"
    )
    first_at = models.DateTimeField(auto_now_add=True)
    last_at = models.DateTimeField(auto_now=True)
    told_at = models.DateTimeField(null=True, blank=True, help_text="Of the withdrawal.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "user"], name="registry_download_once")
        ]
