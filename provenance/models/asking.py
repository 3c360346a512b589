"""Asking a party for permission: requests, private links, standing answers."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from provenance.models.image import ImageSet
from provenance.models.party import Contact, Party
from provenance.models.work import Work

if TYPE_CHECKING:
    from datetime import datetime


class Ask(models.Model):
    """An applicant asks a party's permission for works in a set; silence is never yes."""

    class State(models.TextChoices):
        ASKED = "asked", "waiting for an answer"
        CONFIRMING = "confirming", "answered, waiting for a second confirmation"
        GRANTED = "granted", "granted"
        REFUSED = "refused", "refused"
        NOT_MINE = "not-mine", "says that somebody else has to be asked"
        EXPIRED = "expired", "ended without an answer"
        WITHDRAWN = "withdrawn", "taken back by the applicant"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    image_set = models.ForeignKey(ImageSet, on_delete=models.PROTECT, related_name="asks")
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="asks_made"
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="asks")
    works = models.ManyToManyField(Work, related_name="asks")
    actions = models.JSONField()
    purpose = models.CharField(max_length=500)
    commercial = models.BooleanField(default=False)
    model_name = models.CharField(max_length=120)
    message = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(auto_now_add=True)
    expires_on = models.DateField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answer_note = models.TextField(blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    """When the applicant was told of the answer."""

    @property
    def taken_back_at(self) -> datetime | None:
        """When the last of what was permitted was withdrawn; None while any of it stands."""
        taken = [grant.revoked_at for grant in self.grants.all()]
        last = [at for at in taken if at is not None]
        return max(last, default=None) if len(last) == len(taken) else None

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["image_set", "party"],
                condition=models.Q(state__in=["asked", "confirming"]),
                name="provenance_one_open_ask",
            )
        ]


class ConsentLink(models.Model):
    """A private address to answer by, without an account. Only its token's hash is kept."""

    class Kind(models.TextChoices):
        ANSWER = "answer", "answer a request"
        CONFIRM = "confirm", "confirm an answer"
        NOTICE = "notice", "answer a notice"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    token_sha256 = models.CharField(max_length=64, unique=True)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="links")
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="links"
    )
    asks = models.ManyToManyField(Ask, related_name="links", blank=True)
    notice = models.ForeignKey(
        "CreatorNotice", null=True, blank=True, on_delete=models.PROTECT, related_name="links"
    )
    answer = models.JSONField(
        default=dict, help_text="What waits for confirmation, as it was given."
    )
    made_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    """When its message was handed over; None: it waits to be sent, or sent again."""
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class StandingAnswer(models.Model):
    """What a party answers before anybody writes: never, only by its agent, on these terms."""

    class Answer(models.TextChoices):
        NEVER = "never", "never"
        AGENT = "agent", "only by my agent"
        TERMS = "terms", "on these terms"

    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="standing_answer")
    answer = models.CharField(max_length=6, choices=Answer)
    agent = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    terms = models.JSONField(default=dict)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField(auto_now=True)


class Block(models.Model):
    """A party wants no further requests: from one applicant, or (None) from anybody."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="blocks")
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="blocks"
    )
    """The address it was said from. One that nobody confirmed speaks for itself alone."""
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "applicant", "contact"], name="provenance_block_once"
            ),
            models.UniqueConstraint(
                fields=["party", "contact"],
                condition=models.Q(applicant=None),
                name="provenance_block_everybody_once",
            ),
            models.UniqueConstraint(
                fields=["party", "applicant"],
                condition=models.Q(contact=None),
                name="provenance_block_anywhere_once",
            ),
            models.UniqueConstraint(
                fields=["party"],
                condition=models.Q(applicant=None, contact=None),
                name="provenance_block_all_once",
            ),
        ]
