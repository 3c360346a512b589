"""People and organisations who have rights, and the users who speak for them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from accounts.models import User


class Level(models.IntegerChoices):
    """How well a claim is known: the same scale on both axes, identity and title."""

    SELF_DECLARED = 0, "self-declared"
    CONTACT_CONFIRMED = 1, "contact confirmed"
    DOCUMENT_CHECKED = 2, "document checked"
    SIGNED = 3, "signed or verified"


class Party(models.Model):
    """A person or an organisation. Parties have rights; users sign in."""

    class Kind(models.TextChoices):
        PERSON = "person", "person"
        ORGANISATION = "organisation", "organisation"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=200)
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.SELF_DECLARED)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    """Set where two records turned out to be one party: this one is kept as history."""
    died = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Year, if known.")
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "parties"
        indexes = [models.Index(fields=["name"])]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def spoken_for_by(cls, user_id: uuid.UUID | str) -> models.QuerySet[Party]:
        """Parties in whose name this user may act here.

        Anybody may say that they speak for a party. That counts only where nobody better known
        does, and while the party itself is merely somebody's statement; else it would let a
        stranger read, answer and lift what belongs to the party.
        """
        mine = PartyMember.objects.filter(party=models.OuterRef("pk"), user_id=user_id)
        known = models.Q(level__gte=Level.CONTACT_CONFIRMED)
        others = PartyMember.objects.filter(known, party=models.OuterRef("pk"))
        merely_stated = models.Q(level__lt=Level.CONTACT_CONFIRMED) & ~models.Exists(others)
        return cls.objects.filter(merged_into=None).filter(
            models.Exists(mine.filter(known)) | (models.Exists(mine) & merely_stated)
        )


class PartyName(models.Model):
    """Another name of a party: a pen name, a brand, an older spelling, another script."""

    class Kind(models.TextChoices):
        ALIAS = "alias", "also known as"
        PEN_NAME = "pen-name", "pen name"
        BRAND = "brand", "brand"
        STUDIO = "studio", "studio"
        CHARACTER = "character", "character"
        FORMER = "former", "former name"
        SPELLING = "spelling", "other spelling or script"

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="other_names")
    text = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ALIAS)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "text"], name="provenance_partyname_once")
        ]

    def __str__(self) -> str:
        return self.text


class PartyMember(models.Model):
    """A user who speaks for a party; `level` says how well that is known (identity)."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.SELF_DECLARED)
    may_sign = models.BooleanField(
        default=True, help_text="Whether this person may bind the organisation."
    )
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "user"], name="provenance_member_once")
        ]

    @property
    def signing_level(self) -> int:
        """How well it is known that what this person signs binds the party."""
        return self.level if self.may_sign else Level.SELF_DECLARED

    @classmethod
    def known(cls, user: User) -> models.QuerySet[PartyMember]:
        """For whom this user is known to speak: merely saying so opens nothing of a party's."""
        return cls.objects.filter(user=user, level__gte=Level.CONTACT_CONFIRMED)


class Contact(models.Model):
    """An address of a party. It binds only as well as it is known to be theirs."""

    class Kind(models.TextChoices):
        EMAIL = "email", "e-mail address"
        DOMAIN = "domain", "web domain"
        PHONE = "phone", "telephone number"
        KEY = "key", "Ed25519 public key"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=8, choices=Kind)
    value = models.CharField(max_length=254)
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.SELF_DECLARED)
    """Self-declared until it is confirmed by a channel that the person who added it lacks."""
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "kind", "value"],
                condition=models.Q(ended_at=None),
                name="provenance_contact_once",
            )
        ]

    def __str__(self) -> str:
        return self.value


class ContactCode(models.Model):
    """A one-time code that is mailed to an address. It is derived from the row, never stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="codes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    """Who asked for it: only they can use it, so that a forwarded code is worth nothing."""
    asked_at = models.DateTimeField(auto_now_add=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class Delegation(models.Model):
    """Somebody decides for a party (PROV `actedOnBehalfOf`), within a stated scope."""

    class Role(models.TextChoices):
        AGENT = "agent", "agent"
        PUBLISHER = "publisher", "publisher"
        ESTATE = "estate", "estate"
        SOCIETY = "society", "collecting society"
        GUARDIAN = "guardian", "guardian"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    principal = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="delegates")
    agent = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="principals")
    role = models.CharField(max_length=10, choices=Role)
    actions = models.JSONField(default=list, help_text="What the agent may permit; empty: nothing.")
    territories = models.JSONField(default=list, help_text='["world"] or ISO 3166 codes.')
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.SELF_DECLARED)
    evidence = models.ForeignKey(
        "Evidence", null=True, blank=True, on_delete=models.PROTECT, related_name="delegations"
    )
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    declared_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(principal=models.F("agent")),
                name="provenance_delegation_to_another",
            )
        ]
