"""What was permitted: licences offered to all, grants to somebody, and the asking for them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from ledger.append_only import AppendOnlyModel
from provenance.models.evidence import Evidence
from provenance.models.image import ImageSet
from provenance.models.party import Contact, Level, Party
from provenance.models.work import Work


class Licence(models.Model):
    """A public licence and how this site reads it. There is no default licence."""

    class Speaks(models.TextChoices):
        YES = "yes", "allows it"
        NO = "no", "forbids it"
        SILENT = "silent", "does not speak of it"

    class Kind(models.TextChoices):
        CC = "cc", "Creative Commons"
        PUBLIC_DOMAIN = "public-domain", "public domain"
        RSL = "rsl", "Really Simple Licensing"
        STOCK = "stock", "stock licence"
        SOFTWARE = "software", "software licence"
        OTHER = "other", "other"

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
    kind = models.CharField(max_length=14, choices=Kind, default=Kind.OTHER)
    version = models.CharField(max_length=20, blank=True)
    reading = models.PositiveSmallIntegerField(
        default=1, help_text="Grows with every change of how this site reads it."
    )

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class LicenceReading(AppendOnlyModel):
    """How this site read a licence from a day on. Never changed: old decisions refer to it."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="readings")
    number = models.PositiveSmallIntegerField()
    body = models.JSONField()
    reason = models.TextField()
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    read_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["licence", "number"], name="provenance_reading_once")
        ]


class PolicyRecord(AppendOnlyModel):
    """What this site decided where the law leaves it open; the newest counts. Never changed."""

    body = models.JSONField()
    reason = models.TextField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(auto_now_add=True)


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
    not_after = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    """Withdrawn, or taken out of the record as wrong; kept as history."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["work", "licence", "licensor"],
                condition=models.Q(ended_at=None),
                name="provenance_licence_claim_once",
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

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["image_set", "party"],
                condition=models.Q(state__in=["asked", "confirming"]),
                name="provenance_one_open_ask",
            )
        ]


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
        CreatorNotice, null=True, blank=True, on_delete=models.PROTECT, related_name="links"
    )
    answer = models.JSONField(
        default=dict, help_text="What waits for confirmation, as it was given."
    )
    sent_at = models.DateTimeField(auto_now_add=True)
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
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "applicant"], name="provenance_block_once", nulls_distinct=False
            )
        ]
