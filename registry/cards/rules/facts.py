"""What a card is rendered from: records as they stand, already reduced to what may be public."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


class CardRefusedError(ValueError):
    """The facts do not suffice for a truthful card; the sentence says what is lacking."""


class EvidenceLevel(IntEnum):
    """How surely something is known, weakest first."""

    SELF_DECLARED = 0
    CONTACT_CONFIRMED = 1
    DOCUMENT_CHECKED = 2
    SIGNED_OR_VERIFIED = 3

    @property
    def words(self) -> str:
        return self.name.lower().replace("_", " ").replace("self declared", "self-declared")


class BaseState(StrEnum):
    """What is on record about the pictures that the base model was trained on."""

    CLEARED = "cleared"
    UNCLEARED = "uncleared"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Evidence:
    """Who spoke, and why they may decide: the two axes of a permission's evidence."""

    identity: EvidenceLevel
    title: EvidenceLevel

    @property
    def weakest(self) -> EvidenceLevel:
        return min(self.identity, self.title)


@dataclass(frozen=True)
class PartyFacts:
    """A creator or rights-holder. `name` is as they wish to be named; None if they do not."""

    party: str
    name: str | None = None
    on_file: str | None = None
    """For the credits file alone: the name of a creator who has not been asked."""
    as_written: bool = False
    """The name is the creator's own choice of words, which goes before every credit line."""


@dataclass(frozen=True)
class GrantFacts:
    """One holder's permission. No territory named means the whole world; no date, no end."""

    grant: str
    holder: PartyFacts
    permits: frozenset[str]
    evidence: Evidence
    until: str | None = None
    """RFC 3339 date of the last day."""
    territories: frozenset[str] | None = None
    """ISO 3166 country codes."""
    attribution: bool = True
    after_end: str = "delete"
    """What holds for copies once the permission has ended: stay, until or delete."""
    after_end_on: date | None = None
    informed: bool = False
    """Its holder asked to be told of releases and of who takes them."""


@dataclass(frozen=True)
class WorkFacts:
    """One work in the training set. It carries a licence, grants of its holders, or both."""

    work: str
    title: str
    pictures: int
    evidence: Evidence
    creators: tuple[PartyFacts, ...] = ()
    holders: tuple[PartyFacts, ...] = ()
    licence: str | None = None
    """SPDX identifier."""
    credit_line: str | None = None
    """Exactly as asked for."""
    credit_on_file: str | None = None
    """For the credits file alone: a line that names a creator who did not ask for that."""
    source_url: str | None = None
    grants: tuple[str, ...] = ()


@dataclass(frozen=True)
class BaseFacts:
    """The base model. `statement` is its provenance statement, told as it stands on record."""

    name: str
    """`owner/name` where it can be had, else a plain name."""
    sha256: str
    state: BaseState
    statement: str
    licence: str
    """SPDX identifier, or the Hub's identifier of a model licence."""
    intended_use: str = ""
    """What it is made for, and what it cannot do, as on record."""


@dataclass(frozen=True)
class RunFacts:
    """How the weights were made. `trained_at` is RFC 3339 in UTC, `resolution` pixels a side."""

    steps: int
    batch_size: int
    learning_rate: float
    resolution: int
    seed: int
    class_pictures: int
    trained_at: str


@dataclass(frozen=True)
class AuditFacts:
    """What the memorisation audit measured. A distance below `threshold` counts as a copy."""

    outcome: str
    samples: int
    training_compared: int
    protected_compared: int
    measure: str
    nearest: float | None
    threshold: float
    checked_at: str
    sha256: str
    """Digest of `provenance/audit.json`."""
    not_compared: int = 0
    """Protected works known by a code alone, where the samples are too small for codes."""
    leakage: Mapping[str, Any] = field(default_factory=dict)
    """The report's figures, or why there are none."""


@dataclass(frozen=True)
class Contacts:
    """Where people turn to. Addresses are the registry's own pages."""

    registry: str
    """Name of this registry."""
    url: str
    """Its root, without a slash at the end."""
    signer: str
    """Public key (hex) that signs releases."""


@dataclass(frozen=True)
class CardFacts:
    """All that a card says. Only `curator_text` was typed by hand, and it is marked as such."""

    model: str
    """`owner/name`."""
    manifest_sha256: str
    token: str
    instance_prompt: str
    class_prompt: str
    base: BaseFacts
    run: RunFacts
    audit: AuditFacts
    works: tuple[WorkFacts, ...]
    contacts: Contacts
    grants: tuple[GrantFacts, ...] = ()
    samples: tuple[tuple[str, str], ...] = ()
    """Path in the release and prompt of each sample picture."""
    tags: tuple[str, ...] = ()
    allowed_names: tuple[str, ...] = ()
    """Exact forms that the person has consented to."""
    descriptors: tuple[str, ...] = ()
    """Names of the long dead, as typed in the model's own texts: they describe a style."""
    gated: bool = False
    curator_text: str = ""
    captions: tuple[str, ...] = ()
    """The text of each picture that its curator typed one for; others have the instance prompt."""
    curator_withheld: bool = False
    """The text names somebody who has not consented, and is left out."""

    def grants_of(self, work: WorkFacts) -> tuple[GrantFacts, ...]:
        """The grants that `work` rests on. One that is not among the facts is refused."""
        known = {grant.grant: grant for grant in self.grants}
        absent = [grant for grant in work.grants if grant not in known]
        if absent:
            raise CardRefusedError(f"Work {work.work} rests on grant {absent[0]}, not given here.")
        return tuple(known[grant] for grant in work.grants)

    @property
    def numbers(self) -> dict[str, int]:
        """The number by which the card calls each grant, from 1."""
        return {name: n for n, name in enumerate(sorted(g.grant for g in self.grants), 1)}

    @property
    def pictures(self) -> int:
        return sum(work.pictures for work in self.works)

    @property
    def texts(self) -> int:
        """How many different short texts the pictures, class pictures included, stand under."""
        shared = [self.instance_prompt] if len(self.captions) < self.pictures else []
        classes = [self.class_prompt] if self.run.class_pictures else []
        return len({*self.captions, *shared, *classes})

    @property
    def weakest_evidence(self) -> EvidenceLevel:
        """The weakest link of all permissions. A card without works is refused."""
        if not self.works:
            raise CardRefusedError("The card names no work: an empty set has no model.")
        levels = [work.evidence.weakest for work in self.works]
        used = {grant.grant: grant for work in self.works for grant in self.grants_of(work)}
        return min(levels + [grant.evidence.weakest for grant in used.values()])
