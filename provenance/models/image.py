"""Image files, kept once by content, and the sets they are gathered in."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from provenance.models.party import Party
from provenance.models.work import Work


class Image(models.Model):
    """One file showing a work: its bytes as received and the one normalised picture of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64, unique=True)
    normalised_sha256 = models.CharField(max_length=64, db_index=True)
    format = models.CharField(max_length=8)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField(help_text="Bytes, as received.")
    fingerprint_version = models.CharField(max_length=60)
    pdq = models.CharField(max_length=64)
    phash = models.CharField(max_length=16)
    iscc = models.CharField(max_length=80, blank=True, help_text="For exchange with others.")
    quality = models.PositiveSmallIntegerField(help_text="PDQ quality, 0 to 100.")
    pdq_dihedral = models.JSONField()
    embedded = models.JSONField(
        default=dict,
        blank=True,
        help_text="What the file says about itself; {}: not read. Found nothing is not {}.",
    )
    received_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.format} {self.sha256[:12]}"


class ImageSet(models.Model):
    """Pictures that somebody wants to train on. A submitted set is frozen."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="image_sets"
    )
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class SetImage(models.Model):
    """A picture in a set, the work it is declared to show, and how this copy came here."""

    class Persons(models.TextChoices):
        UNDECLARED = "undeclared", "not stated"
        NONE = "none", "nobody"
        CROWD = "crowd", "a crowd, nobody to be recognised"
        IDENTIFIABLE = "identifiable", "people who can be recognised"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    image_set = models.ForeignKey(ImageSet, on_delete=models.CASCADE, related_name="items")
    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveIntegerField()
    filename = models.CharField(max_length=255)
    work = models.ForeignKey(
        Work, null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )
    collector = models.CharField(max_length=200, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    collected_on = models.DateField(null=True, blank=True)
    warranted = models.BooleanField(
        default=False, help_text="The uploader vouches for what is stated here."
    )
    persons = models.CharField(max_length=12, choices=Persons, default=Persons.UNDECLARED)
    fetched = models.JSONField(
        default=dict,
        blank=True,
        help_text='{"url", "at", "signals"} of this copy, where it was fetched here; else {}.',
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["image_set", "image"], name="provenance_item_once"),
            models.UniqueConstraint(
                fields=["image_set", "position"], name="provenance_item_position"
            ),
        ]

    def __str__(self) -> str:
        return self.filename


class PersonShown(models.Model):
    """Somebody who can be recognised in a picture; party None: not known who it is."""

    item = models.ForeignKey(SetImage, on_delete=models.CASCADE, related_name="persons_shown")
    party = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.PROTECT, related_name="shown_in"
    )
    minor = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "party"], name="provenance_person_once"),
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(party=None), name="provenance_somebody_once"
            ),
        ]


class CustodyEntry(models.Model):
    """One hand through which a copy went. It tells of the copy and carries no permission."""

    class Kind(models.TextChoices):
        COLLECTED = "collected", "collected it"
        HANDED_OVER = "handed-over", "handed it over"
        UPLOADED = "uploaded", "uploaded it here"
        COPIED = "copied", "copied it here from another set"

    item = models.ForeignKey(SetImage, on_delete=models.CASCADE, related_name="custody")
    kind = models.CharField(max_length=12, choices=Kind)
    who = models.CharField(max_length=200)
    source_url = models.URLField(max_length=500, blank=True)
    on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["recorded_at", "pk"]
