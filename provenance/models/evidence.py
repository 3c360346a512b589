"""Evidence: a document or a link that shows who spoke and why they may decide."""

from __future__ import annotations

import hashlib
import uuid

from django.conf import settings
from django.db import models

from provenance.models.party import Contact, Level, Party


class Evidence(models.Model):
    """A stored file. Both levels start at self-declared; a reviewer's check raises them."""

    class Kind(models.TextChoices):
        FILE = "file", "document"
        MAIL = "mail", "e-mail confirmation"
        STATEMENT = "statement", "signed statement"
        LINK = "link", "page that was captured"
        CALL = "call", "reviewer's call-back"
        DOMAIN = "domain", "token on the party's own domain"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.FILE)
    party = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    """Whose identity it shows, where it came through one of the party's own channels."""
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    """The channel: the key that signed, the domain with the token, the contact that was called."""
    source_url = models.URLField(max_length=500, blank=True)
    captured_on = models.DateField(null=True, blank=True)
    signature = models.CharField(max_length=128, blank=True, help_text="Ed25519, in hex.")
    title = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    storage_key = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(auto_now_add=True)
    identity_level = models.PositiveSmallIntegerField(choices=Level, default=Level.SELF_DECLARED)
    title_level = models.PositiveSmallIntegerField(choices=Level, default=Level.SELF_DECLARED)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    checked_at = models.DateTimeField(null=True)
    check_note = models.TextField(blank=True)
    expires_on = models.DateField(
        null=True, blank=True, help_text="From the day after it counts as self-declared again."
    )

    class Meta:
        ordering = ["-submitted_at"]
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return self.title

    @property
    def citations(self) -> str:
        """A digest of all that cites it now: what a check is about, and nothing added since."""
        cited = [f"title {link.pk}" for link in self.title_links.all()]
        cited += [f"status {s.work_id} {s.territory} {s.status}" for s in self.statuses.all()]
        cited += [f"claim {dispute.pk}" for dispute in self.claims.all()]
        cited += [f"licence {c.work_id} {c.licence_id}" for c in self.licence_claims.all()]
        cited += [f"grant {grant.pk}" for grant in self.grants.all()]
        cited += [f"delegation {each.pk} {each.principal_id}" for each in self.delegations.all()]
        cited += [f"status {s.work_id} {s.territory} {s.status}" for s in self.statuses.all()]
        return hashlib.sha256("\n".join(sorted(cited)).encode()).hexdigest()[:32]
