"""A training run: a row with a lease, a heartbeat and a fencing token."""

from __future__ import annotations

import uuid

from django.db import models

from training.models.request import Manifest, Request


class Run(models.Model):
    """One attempt to train what was approved. Messages only say "look"; this row is the truth."""

    class State(models.TextChoices):
        QUEUED = "queued", "waiting for a worker"
        RUNNING = "running", "training"
        PAUSING = "pausing", "being paused"
        PAUSED = "paused", "paused"
        CANCELLING = "cancelling", "being cancelled"
        CANCELLED = "cancelled", "cancelled"
        FAILED = "failed", "failed"
        HALTED = "halted", "halted: a permission was lost"
        TRAINED = "trained", "trained"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="runs")
    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, related_name="runs")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED, db_index=True)
    queued_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    resource = models.CharField(max_length=3, choices=Request.Resource, default="cpu")
    device = models.CharField(max_length=120, blank=True, help_text="Where its worker trains it.")
    fence = models.PositiveIntegerField(default=0, help_text="Grows with every claim.")
    leased_until = models.DateTimeField(null=True, blank=True)
    lost = models.PositiveSmallIntegerField(default=0, help_text="Workers that it lost.")
    busy_seconds = models.FloatField(default=0.0, help_text="Time that workers spent on it.")
    expected_seconds = models.FloatField(
        null=True, blank=True, help_text="What was estimated when it was approved."
    )
    phase = models.CharField(max_length=20, blank=True)
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    loss = models.FloatField(null=True, blank=True)
    steps_per_second = models.FloatField(null=True, blank=True)
    learning_rate = models.FloatField(null=True, blank=True)
    eta_seconds = models.FloatField(null=True, blank=True)
    memory_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    notes = models.JSONField(default=list, help_text="What the trainer wanted people to know.")
    screening = models.JSONField(default=dict, help_text="Class pictures kept and left out, why.")
    losses = models.JSONField(
        default=dict, help_text="Loss per picture before and after, as the trainer wrote it."
    )
    outcome = models.TextField(blank=True, help_text="Why it failed, halted or was cancelled.")

    class Meta:
        ordering = ["-queued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=models.Q(
                    state__in=["queued", "running", "pausing", "paused", "cancelling"]
                ),
                name="training_one_live_run",
            ),
            models.UniqueConstraint(
                fields=["device"],
                condition=models.Q(state__in=["running", "pausing", "cancelling"])
                & ~models.Q(device=""),
                name="training_one_run_a_device",
            ),
        ]


class RunPoint(models.Model):
    """One point of a run's progress, for its plot."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="points")
    step = models.PositiveIntegerField()
    loss = models.FloatField()
    learning_rate = models.FloatField(null=True)
    steps_per_second = models.FloatField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["step"]


class Sample(models.Model):
    """A picture that the trained model made, with the prompt and seed that gave it."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="samples")
    file = models.CharField(max_length=200, help_text="Relative to the run's output folder.")
    sha256 = models.CharField(max_length=64)
    prompt = models.CharField(max_length=300)
    seed = models.PositiveBigIntegerField()


class AuditPicture(models.Model):
    """A picture drawn for the audit: the same seeds under three kinds of prompts."""

    class Set(models.TextChoices):
        TRAINING = "training", "the training prompts"
        TOKEN = "token", "the token in neutral prompts"
        NEUTRAL = "neutral", "prompts without the token"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="audit_pictures")
    set = models.CharField(max_length=8, choices=Set)
    file = models.CharField(max_length=200, help_text="Relative to the run's output folder.")
    sha256 = models.CharField(max_length=64)
    prompt = models.CharField(max_length=1000)
    seed = models.PositiveBigIntegerField()
