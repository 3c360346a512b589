"""Licences offered to everybody, how this site reads them, and its policy."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from ledger.append_only import AppendOnlyModel
from provenance.models.evidence import Evidence
from provenance.models.party import Party
from provenance.models.work import Work


class Licence(models.Model):
    """A public licence and how this site reads it. There is no default licence."""

    class Speaks(models.TextChoices):
        YES = "yes", "allows it"
        NO = "no", "forbids it"
        SILENT = "silent", "does not speak of it"

    class Kind(models.TextChoices):
        CC = "cc", "Creative Commons"
        PUBLIC_DOMAIN = "public-domain", "public domain"
        RSL = "rsl", "Really Simple Licensing"
        STOCK = "stock", "stock licence"
        SOFTWARE = "software", "software licence"
        OTHER = "other", "other"

    code = models.CharField(
        primary_key=True, max_length=60, help_text="SPDX id, where there is one."
    )
    name = models.CharField(max_length=120)
    url = models.URLField(blank=True)
    training = models.CharField(max_length=6, choices=Speaks)
    commercial = models.BooleanField()
    derivatives = models.BooleanField()
    attribution = models.BooleanField()
    share_alike = models.BooleanField()
    note = models.TextField(blank=True)
    kind = models.CharField(max_length=14, choices=Kind, default=Kind.OTHER)
    version = models.CharField(max_length=20, blank=True)
    reading = models.PositiveSmallIntegerField(
        default=1, help_text="Grows with every change of how this site reads it."
    )

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class LicenceReading(AppendOnlyModel):
    """How this site read a licence from a day on. Never changed: old decisions refer to it."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="readings")
    number = models.PositiveSmallIntegerField()
    body = models.JSONField()
    reason = models.TextField()
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    read_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["licence", "number"], name="provenance_reading_once")
        ]


class PolicyRecord(AppendOnlyModel):
    """What this site decided where the law leaves it open; the newest counts. Never changed."""

    body = models.JSONField()
    reason = models.TextField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    """None: on the command line."""
    decided_at = models.DateTimeField(auto_now_add=True)


class LicenceClaim(models.Model):
    """Somebody states that a licensor offers a work to everybody under a licence."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="licence_claims")
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="claims")
    licensor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    credit_line = models.CharField(max_length=300, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="licence_claims"
    )
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    declared_at = models.DateTimeField(auto_now_add=True)
    not_after = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    """Withdrawn, or taken out of the record as wrong; kept as history."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["work", "licence", "licensor"],
                condition=models.Q(ended_at=None),
                name="provenance_licence_claim_once",
            )
        ]
