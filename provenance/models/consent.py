"""What was permitted: licences offered to all, grants to somebody, and the asking for them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from provenance.models.evidence import Evidence
from provenance.models.image import ImageSet
from provenance.models.party import Level, Party
from provenance.models.work import Work


class Licence(models.Model):
    """A public licence and how this site reads it. There is no default licence."""

    class Speaks(models.TextChoices):
        YES = "yes", "allows it"
        NO = "no", "forbids it"
        SILENT = "silent", "does not speak of it"

    code = models.CharField(
        primary_key=True, max_length=60, help_text="SPDX id, where there is one."
    )
    name = models.CharField(max_length=120)
    url = models.URLField(blank=True)
    training = models.CharField(max_length=6, choices=Speaks)
    commercial = models.BooleanField()
    derivatives = models.BooleanField()
    attribution = models.BooleanField()
    share_alike = models.BooleanField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class LicenceClaim(models.Model):
    """Somebody states that a licensor offers a work to everybody under a licence."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="licence_claims")
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="claims")
    licensor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    credit_line = models.CharField(max_length=300, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="licence_claims"
    )
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    declared_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["work", "licence", "licensor"], name="provenance_licence_claim_once"
            )
        ]


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


class Ask(models.Model):
    """An applicant asks a party's permission for works in a set; silence is never yes."""

    class State(models.TextChoices):
        ASKED = "asked", "waiting for an answer"
        GRANTED = "granted", "granted"
        REFUSED = "refused", "refused"
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
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answer_note = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["image_set", "party"],
                condition=models.Q(state="asked"),
                name="provenance_one_open_ask",
            )
        ]


class Grant(models.Model):
    """A permission (an ODRL agreement): assigner, assignee, targets, actions, constraints."""

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
    name_forms = models.JSONField(default=list, help_text="Exact forms allowed by use-name.")
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
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
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
