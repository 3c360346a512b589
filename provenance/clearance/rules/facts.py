"""What a decision is made from. Frozen dataclasses of plain values; ids are opaque strings."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

WORLD = "world"


class Known(IntEnum):
    """How well a claim is known, on either axis (identity, title)."""

    SELF_DECLARED = 0
    CONTACT_CONFIRMED = 1
    DOCUMENT_CHECKED = 2
    SIGNED = 3


class Outcome(StrEnum):
    """Of a picture or a set. "Cannot tell" is flagged, never cleared."""

    CLEARED = "cleared"
    FLAGGED = "flagged"
    BLOCKED = "blocked"


class Severity(StrEnum):
    """Of a finding."""

    INFO = "info"
    FLAG = "flag"
    BLOCK = "block"


class Speaks(StrEnum):
    """What a licence says of training."""

    YES = "yes"
    NO = "no"
    SILENT = "silent"


@dataclass(frozen=True)
class Use:
    """What is asked for: the actions, by whom, on which base, under which name and texts."""

    applicant: str
    actions: tuple[str, ...]
    purpose: str
    commercial: bool = False
    territories: tuple[str, ...] = (WORLD,)
    base: str | None = None
    texts: tuple[tuple[str, str], ...] = ()
    """Name-bearing texts as (place, text); places: owner, name, token, prompt, set."""


@dataclass(frozen=True)
class PartyFact:
    """A party as the decision sees it."""

    id: str
    name: str


@dataclass(frozen=True)
class HoldingFact:
    """A party holds the rights in a work; `title` says how well that is known."""

    party: str
    title: Known
    evidence: str = ""
    """Digest of the evidence, empty where there is none."""


@dataclass(frozen=True)
class LicenceFact:
    """A licensor offers a work to everybody under a public licence."""

    code: str
    licensor: str
    training: Speaks
    commercial: bool
    derivatives: bool
    identity: Known
    title: Known
    evidence: str = ""
    source: str = ""


@dataclass(frozen=True)
class GrantFact:
    """A party permits actions on works (None: on all that it holds), within constraints."""

    id: str
    assigner: str
    actions: tuple[str, ...]
    works: tuple[str, ...] | None = None
    assignee: str | None = None
    commercial: bool = False
    territories: tuple[str, ...] = (WORLD,)
    bases: tuple[str, ...] = ()
    not_before: date | None = None
    not_after: date | None = None
    revoked_on: date | None = None
    identity: Known = Known.SELF_DECLARED
    evidence: str = ""
    given_on: date | None = None


@dataclass(frozen=True)
class ReservationFact:
    """A party forbids training on a work (None: on all that it holds)."""

    party: str
    registered_on: date
    work: str | None = None


@dataclass(frozen=True)
class WorkFact:
    """A work with its creators and today's rights-holders."""

    id: str
    title: str
    creators: tuple[str, ...] = ()
    holders: tuple[HoldingFact, ...] = ()
    licences: tuple[LicenceFact, ...] = ()
    source: str = "unknown"


@dataclass(frozen=True)
class MatchFact:
    """A picture resembles a protected work; `level` is the protection's evidence."""

    work: str
    outcome: str
    """"match" or "possible"."""
    level: Known
    explanation: str = ""


@dataclass(frozen=True)
class PictureFact:
    """One picture of the set: what it is declared to show, and what it looks like."""

    id: str
    label: str
    sha256: str
    work: str | None = None
    matches: tuple[MatchFact, ...] = ()
    screened: bool = False
    """Compared with every protected work there is at this moment."""
    low_information: bool = False
    duplicate_of: str | None = None
    custody: bool = False
    """Collector and source are on record."""


@dataclass(frozen=True)
class NameFact:
    """What the naming rule found in one text."""

    place: str
    text: str
    party: str | None
    """The party whose name it is; None: a personal name that nobody here has registered."""
    matched: str
    proven: bool = False
    consented: bool = False
    has_consent_for_other_forms: bool = False


@dataclass(frozen=True)
class BaseFact:
    """The base model's own state: cleared, uncleared or unknown."""

    name: str
    cleared: str


@dataclass(frozen=True)
class ResolutionFact:
    """A reviewer cleared this flag for exactly this evidence and policy."""

    code: str
    subject: str
    evidence_digest: str
    policy_version: str


@dataclass(frozen=True)
class Policy:
    """What this site decides where the law or a licence leaves it open."""

    silent_licence: Severity | None = Severity.FLAG
    """None: a licence that does not speak of training counts as allowing it."""
    uncleared_base: Severity = Severity.FLAG


@dataclass(frozen=True)
class Facts:
    """All that `evaluate` may know. Order and duplicates do not matter."""

    today: date
    pictures: tuple[PictureFact, ...]
    works: tuple[WorkFact, ...] = ()
    parties: tuple[PartyFact, ...] = ()
    grants: tuple[GrantFact, ...] = ()
    reservations: tuple[ReservationFact, ...] = ()
    names: tuple[NameFact, ...] = ()
    base: BaseFact | None = None
    resolutions: tuple[ResolutionFact, ...] = ()
    policy: Policy = field(default_factory=Policy)


@dataclass(frozen=True)
class Finding:
    """One reason: a code, what it is about, and two sentences, why and what to do."""

    code: str
    severity: Severity
    subject: str
    """A picture's id, or "set", "name" or "base"."""
    explanation: str
    remedy: str
    missing: tuple[str, ...] = ()
    """Parties whose permission is missing."""
    group: str = ""
    """Like findings share it: same code, licence, source and evidence."""
    evidence_digest: str = ""
    """What a resolution of this finding is bound to."""
    resolved: bool = False


@dataclass(frozen=True)
class Verdict:
    """The answer for a set: an outcome, every reason, and each picture's own outcome."""

    outcome: Outcome
    findings: tuple[Finding, ...]
    pictures: dict[str, Outcome]
    policy_version: str
