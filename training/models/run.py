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
    fence = models.PositiveIntegerField(default=0, help_text="Grows with every claim.")
    leased_until = models.DateTimeField(null=True, blank=True)
    phase = models.CharField(max_length=20, blank=True)
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    loss = models.FloatField(null=True, blank=True)
    steps_per_second = models.FloatField(null=True, blank=True)
    outcome = models.TextField(blank=True, help_text="Why it failed, halted or was cancelled.")

    class Meta:
        ordering = ["-queued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=models.Q(state__in=["queued", "running", "cancelling"]),
                name="training_one_live_run",
            )
        ]


class RunPoint(models.Model):
    """One point of a run's progress, for its plot."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="points")
    step = models.PositiveIntegerField()
    loss = models.FloatField()
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
