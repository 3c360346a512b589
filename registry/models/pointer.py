"""Names that point to revisions and models: labels, and addresses that a model had before."""

from __future__ import annotations

from django.db import models

from registry.models.release import Model, Revision


class Label(models.Model):
    """A name such as v1.2 for one revision, for ever: whoever pinned it gets the same bytes."""

    model = models.ForeignKey(Model, on_delete=models.PROTECT, related_name="labels")
    name = models.CharField(max_length=40)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="labels")
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["model", "name"], name="registry_label_once")
        ]


class FormerName(models.Model):
    """An address that a model had: it leads on to the new one, or, left for cause, nowhere."""

    owner = models.CharField(max_length=150)
    name = models.CharField(max_length=96)
    model = models.ForeignKey(Model, on_delete=models.PROTECT, related_name="former_names")
    for_cause = models.BooleanField(default=False)
    left_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="registry_former_name_once")
        ]
