"""What was made, who made it and who holds the rights in it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from provenance.models.evidence import Evidence
from provenance.models.party import Level, Party


class Work(models.Model):
    """Something that was made. Its creators and its rights-holders are different records."""

    class Source(models.TextChoices):
        """How the work came to be (after the IPTC Digital Source Type)."""

        HUMAN = "human", "made by people"
        GENERATED = "generated", "made by a generator"
        UNKNOWN = "unknown", "not stated"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=300)
    reference = models.CharField(max_length=200, blank=True, db_index=True)
    """The holder's own name for the work: a file's stem, an inventory number."""
    source = models.CharField(max_length=10, choices=Source, default=Source.UNKNOWN)
    creators = models.ManyToManyField(Party, related_name="works_made", blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Holding(models.Model):
    """A party holds the rights in a work, on a stated ground. Joint holders have a row each."""

    class Basis(models.TextChoices):
        AUTHORED = "authored", "made it"
        COMMISSIONED = "commissioned", "commissioned it"
        ASSIGNED = "assigned", "was assigned the rights"
        LICENSED = "licensed", "holds an exclusive licence"
        STATED = "stated", "is stated to hold the rights"

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="holdings")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="holdings")
    basis = models.CharField(max_length=12, choices=Basis, default=Basis.STATED)
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.SELF_DECLARED)
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="holdings"
    )
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["work", "party"],
                condition=models.Q(ended_at=None),
                name="provenance_holding_once",
            )
        ]


class Reservation(models.Model):
    """A prohibition: this work, or everything a party holds, must not be trained on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="reservations")
    work = models.ForeignKey(Work, null=True, blank=True, on_delete=models.PROTECT)
    statement = models.TextField(blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
