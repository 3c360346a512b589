"""Dry runs: what a training would take, found out before anybody approves it."""

from __future__ import annotations

import uuid

from django.db import models

from training.models.request import Request


class Rehearsal(models.Model):
    """Two real steps of a request's options on its base, on blank pictures."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting for a worker"
        WORKING = "working", "being tried"
        DONE = "done", "done"
        FAILED = "failed", "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="rehearsals")
    basis = models.CharField(max_length=64, help_text="Digest of all that the answer rests on.")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    memory_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    disk_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    why = models.TextField(blank=True, help_text="Why it failed.")

    class Meta:
        ordering = ["-asked_at"]
