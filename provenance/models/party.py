"""People and organisations who have rights, and the users who speak for them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


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
        return cls.objects.filter(
            models.Exists(mine.filter(known)) | (models.Exists(mine) & merely_stated)
        )


class PartyName(models.Model):
    """Another name of a party: a pen name, a brand, an older spelling."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="other_names")
    text = models.CharField(max_length=200)

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
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "user"], name="provenance_member_once")
        ]
