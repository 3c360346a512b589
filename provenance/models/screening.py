"""Protected works and what was found when pictures were compared with them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from provenance.models.image import Image
from provenance.models.party import Level, Party
from provenance.models.work import Work


class Bank(models.Model):
    """One row, locked by whoever changes what decisions rest on and by whoever records one.

    `version` grows with every change of the protected works, `rights_version` with every change
    that may worsen a decision: a decision made meanwhile from older facts is made again.
    """

    version = models.PositiveBigIntegerField(default=0)
    rights_version = models.PositiveBigIntegerField(default=0)
    searched_version = models.PositiveBigIntegerField(
        default=0, help_text="Up to which version pictures on record were searched."
    )

    @classmethod
    def current(cls) -> Bank:
        """The row, made on first use."""
        return cls.objects.get_or_create(pk=1)[0]

    @classmethod
    def locked(cls) -> Bank:
        """The row, locked until the transaction ends."""
        cls.current()
        return cls.objects.select_for_update().get(pk=1)


class MatchBank(models.Model):
    """A list of pictures that others are compared with, and what being found in it means."""

    class Kind(models.TextChoices):
        PROTECTED = "protected", "protected works"
        WITHDRAWN = "withdrawn", "works whose permission was withdrawn"
        WATCH = "watch", "watch list"
        NEGATIVE = "negative", "common elements that prove nothing"

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=9, choices=Kind)
    match_at = models.FloatField(
        null=True, blank=True, help_text="Score; empty: the calibration's."
    )
    possible_at = models.FloatField(null=True, blank=True)
    blocks = models.BooleanField(
        default=False,
        help_text="A match blocks; else a reviewer looks. Of protected works the evidence decides.",
    )

    def __str__(self) -> str:
        return self.name

    @classmethod
    def of_kind(cls, kind: MatchBank.Kind) -> MatchBank:
        """The bank of the site's own of this kind, made on first use."""
        return cls.objects.get_or_create(name=kind.label.capitalize(), defaults={"kind": kind})[0]


class BankEntry(models.Model):
    """One picture in a bank, by its looks; its bytes may be nowhere but with its holder."""

    id = models.BigAutoField(primary_key=True)
    bank = models.ForeignKey(MatchBank, on_delete=models.PROTECT, related_name="entries")
    image = models.ForeignKey(
        Image, null=True, blank=True, on_delete=models.PROTECT, related_name="entries"
    )
    pdq = models.CharField(
        max_length=64, help_text="Empty: known by its features alone.", blank=True
    )
    quality = models.PositiveSmallIntegerField(help_text="PDQ quality, 0 to 100.")
    label = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)
    bank_version = models.PositiveBigIntegerField(help_text="The version that added it.")
    ended_version = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["bank_version"]), models.Index(fields=["ended_version"])]

    def __str__(self) -> str:
        return self.label


class Features(models.Model):
    """What an image or a bank's entry is found by, as one route made it; nothing changes a row.

    Another route fills rows of its own, beside which those of the old one stay in use: a process
    searches with the rows of its own version alone.
    """

    id = models.BigAutoField(primary_key=True)
    image = models.ForeignKey(Image, null=True, on_delete=models.CASCADE, related_name="features")
    entry = models.ForeignKey(
        BankEntry, null=True, on_delete=models.CASCADE, related_name="features"
    )
    version = models.CharField(max_length=120)
    codes = models.JSONField(
        default=list, help_text="PDQ: of an image and its seven turned versions, of an entry one."
    )
    quality = models.PositiveSmallIntegerField(default=0)
    data = models.BinaryField(help_text="Local features; empty: known by its code alone.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "version"], name="provenance_features_once"),
            models.UniqueConstraint(
                fields=["entry", "version"], name="provenance_entry_features_once"
            ),
            models.CheckConstraint(
                condition=models.Q(image=None, entry__isnull=False)
                | models.Q(image__isnull=False, entry=None),
                name="provenance_features_of_one",
            ),
        ]


class Protection(models.Model):
    """A protected work's picture, known by its fingerprints. Weak evidence flags, never blocks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="protections")
    holder = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="protections")
    image = models.ForeignKey(
        Image, null=True, blank=True, on_delete=models.PROTECT, related_name="protections"
    )
    entry = models.OneToOneField(BankEntry, on_delete=models.PROTECT, related_name="protection")
    reference = models.CharField(max_length=200)
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.SELF_DECLARED)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "reference", "image"], name="provenance_protection_once"
            )
        ]

    def __str__(self) -> str:
        return self.reference


class Screening(models.Model):
    """The newest comparison of an image with the banks, up to a bank version."""

    image = models.OneToOneField(Image, on_delete=models.CASCADE, related_name="screening")
    bank_version = models.PositiveBigIntegerField()
    rule_version = models.CharField(max_length=40)
    low_information = models.BooleanField()
    screened_at = models.DateTimeField(auto_now=True)


class Exhibit(models.Model):
    """A picture that is part of something above: "revision:<id>" shows what its model drew.

    It is searched for what is newly listed, as pictures of sets are.
    """

    subject = models.CharField(max_length=120)
    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="exhibits")
    label = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "label"], name="provenance_exhibit_once")
        ]

    def __str__(self) -> str:
        return self.label


class Match(models.Model):
    """A listed picture that an image resembles, where, and what came of it."""

    class Outcome(models.TextChoices):
        MATCH = "match", "match"
        POSSIBLE = "possible", "possible match"
        DISCOUNTED = "discounted", "shares a common element only"

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="matches")
    entry = models.ForeignKey(BankEntry, on_delete=models.CASCADE, related_name="matches")
    outcome = models.CharField(max_length=10, choices=Outcome)
    score = models.FloatField(help_text="0 to 1; higher is surer.")
    method = models.CharField(max_length=40)
    explanation = models.TextField()
    region = models.JSONField(
        null=True,
        help_text='{"image", "listed"}: corners [x, y] in 0..1 of width and height; null: whole.',
    )

    class Meta:
        ordering = ["-score"]
        constraints = [
            models.UniqueConstraint(fields=["image", "entry"], name="provenance_match_once")
        ]
