"""Users with their roles, and the tokens they use the API with."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower

if TYPE_CHECKING:
    from accounts.actors import Role


class User(AbstractUser):
    """Somebody who signs in. Rights belong to parties, which `provenance` links to users."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    is_reviewer = models.BooleanField(default=False, help_text="Reviews requests of other people.")
    is_auditor = models.BooleanField(default=False, help_text="Reads everything, changes nothing.")
    is_operator = models.BooleanField(default=False, help_text="Runs the site: bases, evidence.")

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(Lower("username"), name="accounts_user_username_any_case"),
        ]

    @property
    def roles(self) -> frozenset[Role]:
        """Every active user may apply; the other roles are given."""
        if not self.is_active:
            return frozenset()
        given: dict[Role, bool] = {
            "applicant": True,
            "reviewer": self.is_reviewer,
            "auditor": self.is_auditor,
            "operator": self.is_operator or self.is_superuser,
        }
        return frozenset(role for role, has in given.items() if has)


class AccessToken(models.Model):
    """A bearer token for the API; only its sha256 is stored."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="access_tokens")
    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label or f"token {self.pk}"
