"""Models and their revisions: immutable once built, served only while their standing holds."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from ledger.append_only import AppendOnlyModel
from training.models import Run


class Model(models.Model):
    """A name under which revisions are released; it is nothing without them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="owned_models"
    )
    name = models.CharField(max_length=96)
    gated = models.BooleanField(default=False)
    by_approval = models.BooleanField(
        default=False, help_text="Its owner decides about each person who asks for it."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="registry_model_name_once")
        ]

    def __str__(self) -> str:
        return f"{self.owner.username}/{self.name}"


class Revision(models.Model):
    """One built package of a model, named by the digest of its signed statement."""

    class State(models.TextChoices):
        DRAFT = "draft", "being audited"
        AUDITED = "audited", "audited, waiting to be released"
        RELEASED = "released", "released"
        QUARANTINED = "quarantined", "quarantined: not downloadable while it is looked into"
        WITHDRAWN = "withdrawn", "withdrawn for good"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    model = models.ForeignKey(Model, on_delete=models.PROTECT, related_name="revisions")
    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="revision")
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT, db_index=True)
    commit = models.CharField(max_length=40, blank=True, db_index=True)
    """First 40 hex digits of the sha256 of release.json; what Hub clients call a revision."""
    card = models.TextField(blank=True, help_text="The rendered model card, Markdown.")
    licence = models.CharField(max_length=60, blank=True)
    terms = models.TextField(blank=True, help_text="What a downloader of a gated model accepts.")
    created_at = models.DateTimeField(auto_now_add=True)
    released_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.TextField(blank=True)
    deprecated_at = models.DateTimeField(null=True, blank=True)
    deprecated_reason = models.TextField(blank=True)
    successor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors"
    )
    owner_told_at = models.DateTimeField(null=True, blank=True, help_text="Of the withdrawal.")

    class Meta:
        ordering = ["-created_at"]

    @property
    def sample(self) -> str:
        """The path of the sample that stands for it in lists; "" unless it is released."""
        if self.state != self.State.RELEASED:
            return ""
        return next((f.path for f in self.files.all() if f.path.startswith("samples/")), "")


class ReleaseFile(models.Model):
    """One file of a built revision, as its signed statement lists it."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=300)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    git_oid = models.CharField(max_length=40, help_text="git blob sha1, for the Hub's clients.")

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "path"], name="registry_file_once")
        ]


class Audit(AppendOnlyModel):
    """What the audit of a revision found. Never changed; a new audit is a new row."""

    class Outcome(models.TextChoices):
        PASSED = "passed", "passed"
        FLAGGED = "flagged", "flagged"
        FAILED = "failed", "failed"

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="audits")
    outcome = models.CharField(max_length=8, choices=Outcome)
    report = models.JSONField()
    summary = models.TextField(blank=True, help_text="What everybody may read: canonical JSON.")
    signature = models.TextField(blank=True, help_text="Of the summary, by the release key.")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-made_at"]
