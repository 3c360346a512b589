"""Decisions as they were made, what they rest on, and whether they still hold."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class FactsRecord(models.Model):
    """The facts of a decision, stored once, by the sha256 of their canonical JSON."""

    digest = models.CharField(primary_key=True, max_length=64)
    body = models.TextField()


class Evaluation(models.Model):
    """One answer of `clearance.rules.evaluate`, kept with all that explains it. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.CharField(max_length=120, db_index=True)
    facts = models.ForeignKey(FactsRecord, on_delete=models.PROTECT)
    policy_version = models.CharField(max_length=20)
    outcome = models.CharField(max_length=8)
    findings = models.JSONField()
    pictures = models.JSONField(help_text="Outcome of each picture, by the id of its place.")
    evaluated_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-evaluated_at"]


class Resolution(models.Model):
    """A reviewer looked at a flag and cleared it, for exactly this evidence and policy."""

    class How(models.TextChoices):
        GROUP = "group", "with a group of like findings"
        LOOKED = "looked", "by looking at this one"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=40)
    subject = models.CharField(max_length=120)
    evidence_digest = models.CharField(max_length=64)
    policy_version = models.CharField(max_length=20)
    how = models.CharField(max_length=8, choices=How)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField()
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["subject", "code"])]


class Standing(models.Model):
    """Whether the decision that something rests on still holds; read at every gate.

    `subject` is opaque here: a set, a run or a revision registers its own.
    """

    subject = models.CharField(primary_key=True, max_length=120)
    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT)
    outcome = models.CharField(max_length=8)
    stands = models.BooleanField(help_text="Good enough for what was approved before.")
    valid_until = models.DateField(null=True, blank=True)
    stale_at = models.DateTimeField(null=True, blank=True)


class StandingBasis(models.Model):
    """One record that a standing rests on, by kind ("grant", "work", "party", "base") and id."""

    standing = models.ForeignKey(Standing, on_delete=models.CASCADE, related_name="bases")
    kind = models.CharField(max_length=12)
    ref = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["standing", "kind", "ref"], name="provenance_basis_once"
            )
        ]
        indexes = [models.Index(fields=["kind", "ref"])]
