"""What was made, who made it and who holds the rights in it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from provenance.models.evidence import Evidence
from provenance.models.party import Level, Party

if TYPE_CHECKING:
    from collections.abc import Iterable


class Work(models.Model):
    """Something that was made. Its creators and its rights-holders are different records."""

    class Source(models.TextChoices):
        """How the work came to be (after the IPTC Digital Source Type)."""

        HUMAN = "human", "made by people"
        GENERATED = "generated", "made by a generator"
        UNKNOWN = "unknown", "not stated"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=300)
    reference = models.CharField(max_length=200, blank=True, db_index=True)
    """The holder's own name for the work: a file's stem, an inventory number."""
    source = models.CharField(max_length=10, choices=Source, default=Source.UNKNOWN)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166 code of its origin.")
    part_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    """A collection or a larger work: a permission for that covers this."""
    creators = models.ManyToManyField(Party, related_name="works_made", blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def of(cls, parties: Iterable[Party]) -> models.QuerySet[Work]:
        """Works that these parties made, or stand as holders of in the chain of title."""
        held = models.Q(title_links__party__in=parties, title_links__ended_at=None)
        return cls.objects.filter(held | models.Q(creators__in=parties)).distinct()


class Identifier(models.Model):
    """What others call a work: its ISCC, DOI, address or Wikidata item."""

    class Scheme(models.TextChoices):
        ISCC = "iscc", "ISCC"
        DOI = "doi", "DOI"
        URL = "url", "address"
        WIKIDATA = "wikidata", "Wikidata"

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=8, choices=Scheme)
    value = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["work", "scheme", "value"], name="provenance_identifier_once"
            )
        ]


class TitleLink(models.Model):
    """One link of a work's chain of title: how rights came to `party`, from `grantor` if any.

    Without a grantor it is a root: somebody who held from the beginning, or is stated to hold.
    Joint holders have a root each. `clearance.rules.title` computes today's holders from all.
    """

    class Kind(models.TextChoices):
        AUTHORED = "authored", "made it"
        WORK_FOR_HIRE = "work-for-hire", "had it made by an employee or for hire"
        STATED = "stated", "is stated to hold the rights"
        ASSIGNMENT = "assignment", "was assigned the rights"
        EXCLUSIVE_LICENCE = "exclusive-licence", "holds an exclusive licence"
        INHERITANCE = "inheritance", "inherited the rights"
        MANDATE = "mandate", "manages the rights as a collecting society"
        REVERSION = "reversion", "got the rights back as agreed"
        TERMINATION = "termination", "took the rights back by law"
        RESCISSION = "rescission", "had the contract undone from the beginning"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="title_links")
    kind = models.CharField(max_length=18, choices=Kind, default=Kind.STATED)
    grantor = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.PROTECT, related_name="title_given"
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="title_links")
    undoes = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by"
    )
    conveys = models.JSONField(default=list, help_text='Actions, or ["*"] for all. Else: silent.')
    reserves = models.JSONField(default=list, help_text="Actions that the grantor kept.")
    territories = models.JSONField(default=list, help_text='["world"] or ISO 3166 codes.')
    share = models.DecimalField(
        max_digits=6, decimal_places=3, null=True, blank=True, help_text="Per cent, if stated."
    )
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.SELF_DECLARED)
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="title_links"
    )
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    declared_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    """Taken out of the record as wrong; kept as history."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["work", "party"],
                condition=models.Q(ended_at=None, grantor=None),
                name="provenance_one_root_a_party",
            ),
            models.CheckConstraint(
                condition=models.Q(ends=None)
                | models.Q(starts=None)
                | models.Q(ends__gte=models.F("starts")),
                name="provenance_title_ends_after_it_starts",
            ),
        ]


class Layer(models.Model):
    """What else a work shows: a character, an artwork, a building, a logo. Declared, not found."""

    class Kind(models.TextChoices):
        CHARACTER = "character", "character"
        ARTWORK = "artwork", "artwork or object"
        BUILDING = "building", "building"
        LOGO = "logo", "logo or mark"

    class State(models.TextChoices):
        NONE = "none", "shows none"
        KNOWN = "known", "shows one that is on record"
        UNSURE = "unsure", "may show one"

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="layers")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=8, choices=State)
    shows = models.ForeignKey(
        Work, null=True, blank=True, on_delete=models.PROTECT, related_name="shown_in"
    )
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["work", "kind", "shows"], name="provenance_layer_once"),
            models.CheckConstraint(
                condition=models.Q(state="known", shows__isnull=False)
                | (~models.Q(state="known") & models.Q(shows=None)),
                name="provenance_known_layer_has_a_work",
            ),
        ]


class TerritoryStatus(models.Model):
    """Whether a work is still protected in a territory, why, and since when."""

    class Status(models.TextChoices):
        IN_COPYRIGHT = "in-copyright", "in copyright"
        PUBLIC_DOMAIN = "public-domain", "in the public domain"
        UNKNOWN = "unknown", "unknown"

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="statuses")
    territory = models.CharField(max_length=5, help_text='"world" or an ISO 3166 code.')
    status = models.CharField(max_length=14, choices=Status)
    reason = models.CharField(max_length=300, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.SELF_DECLARED)
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="statuses"
    )
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["work", "territory"], name="provenance_status_once")
        ]


class Dispute(models.Model):
    """Two parties claim the same work; it is frozen until a reviewer resolves it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="disputes")
    claimants = models.ManyToManyField(Party, related_name="disputes")
    claimant = models.ForeignKey(
        Party, null=True, on_delete=models.PROTECT, related_name="claims_made"
    )
    """Who opened it: of the claimants the one that is against what is on record."""
    claim_evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="claims"
    )
    evidenced = models.BooleanField(
        default=False, help_text="Every claim has evidence: it blocks. Else it flags."
    )
    statement = models.TextField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    resolution = models.TextField(blank=True)
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="disputes"
    )

    class Meta:
        ordering = ["-opened_at"]


class CreditChoice(models.Model):
    """How a creator wants to be credited, for one work or for all. Unasked: not on the card."""

    class Choice(models.TextChoices):
        AS_WRITTEN = "as-written", "as written"
        ANONYMOUS = "anonymous", "anonymously"
        NONE = "none", "not at all"

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="credit_choices")
    work = models.ForeignKey(
        Work, null=True, blank=True, on_delete=models.CASCADE, related_name="credit_choices"
    )
    choice = models.CharField(max_length=10, choices=Choice)
    text = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "work"], name="provenance_credit_once"),
            models.UniqueConstraint(
                fields=["party"], condition=models.Q(work=None), name="provenance_credit_all_once"
            ),
        ]


class Reservation(models.Model):
    """A prohibition: this work, what lies at these addresses, or all that a party holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="reservations")
    work = models.ForeignKey(Work, null=True, blank=True, on_delete=models.PROTECT)
    url_prefix = models.CharField(max_length=500, blank=True)
    stated_on = models.DateField(
        null=True, blank=True, help_text="When it was first said, where that was before."
    )
    statement = models.TextField(blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
