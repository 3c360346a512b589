"""Permissions given to somebody, what they are used for, and who is told."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from provenance.models.asking import Ask
from provenance.models.evidence import Evidence
from provenance.models.party import Level, Party
from provenance.models.work import Work


class Action(models.TextChoices):
    """What can be permitted. The last two only by the person, never by a holder."""

    TRAIN = "train", "train a model on it"
    DISTRIBUTE_WEIGHTS = "distribute-weights", "give the model to others"
    COMMERCIAL_OUTPUTS = "commercial-outputs", "use what it makes commercially"
    FURTHER_TRAIN = "further-train", "fine-tune or merge the model further"
    HOST_AS_SERVICE = "host-as-service", "run it as a service"
    DISPLAY = "display", "show the picture on a card or page"
    USE_NAME = "use-name", "use my name"
    USE_LIKENESS = "use-likeness", "use my likeness"


class Grant(models.Model):
    """A permission (an ODRL agreement): assigner, assignee, targets, actions, constraints."""

    class AfterEnd(models.TextChoices):
        """What holds for copies already released, once the permission has ended."""

        STAY = "stay", "stay licensed"
        UNTIL = "until", "stay licensed until a date"
        DELETE = "delete", "must be deleted"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assigner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="grants_given")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="grants_received",
        help_text="Empty: offered to anyone.",
    )
    all_works = models.BooleanField(default=False, help_text="Everything the assigner holds.")
    works = models.ManyToManyField(Work, related_name="grants", blank=True)
    actions = models.JSONField()
    commercial = models.BooleanField(default=False)
    territories = models.JSONField(default=list, help_text='["world"] or ISO 3166 codes.')
    bases = models.JSONField(default=list, help_text="Names of base models; empty: any.")
    purposes = models.JSONField(default=list, help_text="Kinds of purpose; empty: any.")
    recipients = models.JSONField(default=list, help_text="Who may get the weights; empty: all.")
    max_models = models.PositiveSmallIntegerField(null=True, blank=True)
    duties = models.JSONField(default=list, help_text="What is owed in return.")
    revocable = models.BooleanField(default=True)
    notice_days = models.PositiveSmallIntegerField(
        default=0, help_text="Days between withdrawing it and its end."
    )
    after_end = models.CharField(max_length=6, choices=AfterEnd, default=AfterEnd.DELETE)
    after_end_on = models.DateField(null=True, blank=True)
    name_forms = models.JSONField(default=list, help_text="Exact forms allowed by use-name.")
    name_places = models.JSONField(default=list, help_text="Where: name, token, card; empty: all.")
    credit_line = models.CharField(max_length=300, blank=True)
    not_before = models.DateField(null=True, blank=True)
    not_after = models.DateField(null=True, blank=True)
    identity_level = models.PositiveSmallIntegerField(choices=Level, default=Level.SELF_DECLARED)
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="grants"
    )
    ask = models.ForeignKey(
        Ask, null=True, blank=True, on_delete=models.PROTECT, related_name="grants"
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    """None: by a private link, without an account."""
    given_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_from = models.DateField(
        null=True, blank=True, help_text="The first day without it, after the agreed notice."
    )
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    revocation_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-given_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(not_after=None)
                | models.Q(not_before=None)
                | models.Q(not_after__gte=models.F("not_before")),
                name="provenance_grant_ends_after_it_starts",
            )
        ]


class GrantUse(models.Model):
    """A model that was approved on a grant; a grant may be for so many models only."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="uses")
    subject = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["grant", "subject"], name="provenance_grant_use_once")
        ]


class CreatorNotice(models.Model):
    """A creator was told that a holder permitted something; they may choose, object, be silent."""

    class State(models.TextChoices):
        TOLD = "told", "told, no answer"
        ANSWERED = "answered", "does not object"
        OBJECTED = "objected", "objects"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="notices")
    creator = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="notices")
    state = models.CharField(max_length=8, choices=State, default=State.TOLD)
    words = models.TextField(blank=True)
    told_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["grant", "creator"], name="provenance_notice_once")
        ]
