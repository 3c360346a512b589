"""Protected works and what was found when pictures were compared with them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from provenance.models.image import Image
from provenance.models.party import Level, Party
from provenance.models.work import Work


class Bank(models.Model):
    """One row, locked by whoever changes what decisions rest on and by whoever records one.

    `version` grows with every change of the protected works, `rights_version` with every change
    that may worsen a decision: a decision made meanwhile from older facts is made again.
    """

    version = models.PositiveBigIntegerField(default=0)
    rights_version = models.PositiveBigIntegerField(default=0)

    @classmethod
    def current(cls) -> Bank:
        """The row, made on first use."""
        return cls.objects.get_or_create(pk=1)[0]

    @classmethod
    def locked(cls) -> Bank:
        """The row, locked until the transaction ends."""
        cls.current()
        return cls.objects.select_for_update().get(pk=1)


class Protection(models.Model):
    """A protected work's picture, known by its fingerprints. Weak evidence flags, never blocks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="protections")
    holder = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="protections")
    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="protections")
    reference = models.CharField(max_length=200)
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.SELF_DECLARED)
    bank_version = models.PositiveBigIntegerField(help_text="The bank's version that added it.")
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "reference", "image"], name="provenance_protection_once"
            )
        ]

    def __str__(self) -> str:
        return self.reference


class Screening(models.Model):
    """The newest comparison of an image with the protected works, up to a bank version."""

    image = models.OneToOneField(Image, on_delete=models.CASCADE, related_name="screening")
    bank_version = models.PositiveBigIntegerField()
    rule_version = models.CharField(max_length=20)
    low_information = models.BooleanField()
    screened_at = models.DateTimeField(auto_now=True)


class Match(models.Model):
    """A protected picture that an image resembles."""

    class Outcome(models.TextChoices):
        MATCH = "match", "match"
        POSSIBLE = "possible", "possible match"

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="matches")
    protection = models.ForeignKey(Protection, on_delete=models.CASCADE, related_name="matches")
    outcome = models.CharField(max_length=8, choices=Outcome)
    score = models.FloatField(help_text="0 to 1; higher is surer.")
    method = models.CharField(max_length=40)
    explanation = models.TextField()

    class Meta:
        ordering = ["-score"]
        constraints = [
            models.UniqueConstraint(fields=["image", "protection"], name="provenance_match_once")
        ]
