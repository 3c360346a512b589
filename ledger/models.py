"""The ledger's tables. Entries, leaves, nodes and tree heads are only ever added (triggers)."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.db import models

from ledger import rules
from ledger.append_only import AppendOnlyModel

DIGEST = 64
CODE = 200


class Entry(AppendOnlyModel):
    """Something that happened to `subject`, told by codes and chained to what happened before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.CharField(max_length=CODE)
    position = models.PositiveBigIntegerField(help_text="0 is the subject's first entry.")
    kind = models.CharField(max_length=100, db_index=True)
    actor = models.CharField(max_length=CODE, help_text="An opaque id, never a name.")
    data = models.TextField(help_text="The event's codes as canonical JSON (RFC 8785).")
    previous = models.CharField(
        max_length=DIGEST, blank=True, help_text="Digest of the subject's entry before this one."
    )
    digest = models.CharField(
        max_length=DIGEST, unique=True, help_text="RFC 9162 leaf hash of the canonical record."
    )
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "position"], name="ledger_entry_one_chain_per_subject"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words}: {self.subject}"

    @property
    def codes(self) -> dict[str, Any]:
        """The event's fields, with `statement` (a commitment) where words were written."""
        codes: dict[str, Any] = json.loads(self.data)
        return codes

    @property
    def words(self) -> str:
        """The kind for people: "request.approved" reads "Request approved"."""
        return self.kind.replace(".", " ").replace("_", " ").capitalize()

    def record(self) -> dict[str, Any]:
        """What the digest is taken of, and what anybody may read."""
        return {
            "id": str(self.pk),
            "subject": self.subject,
            "position": self.position,
            "kind": self.kind,
            "actor": self.actor,
            "data": self.codes,
            "previous": self.previous,
            "at": rules.timestamp(self.at),
        }


class SubjectHead(models.Model):
    """The last link of a subject's chain; its row is the lock that writers of it queue for."""

    subject = models.CharField(max_length=CODE, primary_key=True)
    length = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=DIGEST, blank=True)


class Statement(models.Model):
    """The words behind an entry's commitment. Erasing takes text and salt, never the proof."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True)
    salt = models.CharField(max_length=64, blank=True, help_text="256 random bits, hex.")
    text = models.TextField(blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(erased_at=None) | models.Q(salt="", text=""),
                name="ledger_statement_erased_whole",
            ),
        ]

    def __str__(self) -> str:
        return "erased" if self.erased_at else self.text


class Pending(models.Model):
    """An entry that waits for its leaf number."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="pending")


class Leaf(AppendOnlyModel):
    """An entry's place in the log; its primary key is the fence between two sequencers."""

    index = models.PositiveBigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="leaf")

    class Meta:
        verbose_name_plural = "leaves"

    def __str__(self) -> str:
        return f"leaf {self.index}"


class Node(AppendOnlyModel):
    """The hash of a perfect subtree: (0, i) is leaf i, (level, i) covers 2**level leaves."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=DIGEST)


class TreeHead(AppendOnlyModel):
    """A signed statement of what the log was when it had `size` leaves."""

    size = models.PositiveBigIntegerField(primary_key=True)
    root = models.CharField(max_length=DIGEST)
    at = models.DateTimeField()
    key = models.CharField(max_length=DIGEST, help_text="The signer's Ed25519 public key, hex.")
    signature = models.CharField(max_length=100, help_text="Base64.")

    def __str__(self) -> str:
        return f"tree head of {self.size}"

    def signed_body(self) -> dict[str, Any]:
        """What the signature speaks of; `type` keeps it from being taken for anything else."""
        return {
            "type": "imprimatur-tree-head-1",
            "size": self.size,
            "root": self.root,
            "at": rules.timestamp(self.at),
        }

    def signed_bytes(self) -> bytes:
        """What the signature is over."""
        return rules.canonical(self.signed_body()).encode()


class Lease(models.Model):
    """Who does some work alone, and until when if no more is heard of them."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=36)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} until {self.until}"


class Doorbell(models.Model):
    """A Celery message to send after the commit: "look at this object". One a task and object."""

    task = models.CharField(max_length=200)
    object_id = models.CharField(max_length=200)
    ring = models.UUIDField(help_text="Changes with each ring, so that none is lost while sending.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "object_id"], name="ledger_doorbell_one_per_task_and_object"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.object_id}"
