"""A request to train: a set, what it is to be used for, and what people decided about it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from ledger.append_only import AppendOnlyModel
from provenance.models import ImageSet
from training.models.base import Base


class Request(models.Model):
    """A set with its use. What is submitted is frozen; what is approved is its manifest."""

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        SUBMITTED = "submitted", "waiting for a reviewer"
        RETURNED = "returned", "returned for changes"
        APPROVED = "approved", "approved"
        REJECTED = "rejected", "rejected"
        CLOSED = "closed", "closed by the applicant"
        REVOKED = "revoked", "approval taken back"

    class Resource(models.TextChoices):
        CPU = "cpu", "processor"
        GPU = "gpu", "graphics card"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    image_set = models.ForeignKey(ImageSet, on_delete=models.PROTECT, related_name="requests")
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="requests"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    base = models.ForeignKey(Base, on_delete=models.PROTECT, related_name="requests")
    model_name = models.CharField(max_length=96)
    token = models.CharField(max_length=40)
    instance_prompt = models.CharField(max_length=300)
    class_prompt = models.CharField(max_length=300)
    sample_prompts = models.JSONField()
    purpose = models.CharField(max_length=500)
    purposes = models.JSONField(default=list, help_text="Kinds of purpose, as permissions name.")
    commercial = models.BooleanField(default=False)
    gated = models.BooleanField(default=False)
    territories = models.JSONField(default=list)
    captions = models.JSONField(
        default=dict, help_text="File name of a picture -> what it is trained under."
    )
    preset = models.CharField(max_length=20, blank=True, help_text="What is taught: style, …")
    pace = models.CharField(max_length=20, default="standard")
    resource = models.CharField(max_length=3, choices=Resource, default=Resource.CPU)
    steps = models.PositiveIntegerField(default=500)
    seed = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.model_name


class Manifest(models.Model):
    """The frozen, canonical bytes of a submitted request; the signature is its approval."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="manifests")
    sha256 = models.CharField(primary_key=True, max_length=64)
    body = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)
    signature = models.TextField(blank=True)


class Decision(AppendOnlyModel):
    """What a reviewer decided about a manifest, and why. Never changed."""

    class Kind(models.TextChoices):
        APPROVED = "approved", "approved"
        REJECTED = "rejected", "rejected"
        RETURNED = "returned", "returned for changes"
        REVOKED = "revoked", "approval taken back"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind)
    manifest_sha256 = models.CharField(max_length=64)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField()
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-decided_at"]
