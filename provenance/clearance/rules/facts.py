"""What a decision is made from. Frozen dataclasses of plain values; ids are opaque strings."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from provenance.clearance.rules.use import WORLD
from provenance.clearance.rules.verdict import Severity

if TYPE_CHECKING:
    from datetime import date


class Known(IntEnum):
    """How well a claim is known, on either axis (identity, title)."""

    SELF_DECLARED = 0
    CONTACT_CONFIRMED = 1
    DOCUMENT_CHECKED = 2
    SIGNED = 3


class Speaks(StrEnum):
    """What a licence says of training."""

    YES = "yes"
    NO = "no"
    SILENT = "silent"


@dataclass(frozen=True)
class PartyFact:
    """A party as the decision sees it, with all names that a file may call it by."""

    id: str
    name: str
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class LinkFact:
    """A link of a work's chain of title; without a grantor it is a root. See `title`."""

    party: str
    title: Known
    evidence: str = ""  # digest; empty: none
    id: str = ""
    kind: str = "stated"
    grantor: str | None = None
    conveys: tuple[str, ...] = ()
    reserves: tuple[str, ...] = ()
    territories: tuple[str, ...] = (WORLD,)
    share: float | None = None
    starts: date | None = None
    ends: date | None = None
    undoes: str | None = None


@dataclass(frozen=True)
class DelegationFact:
    """An agent decides for a party: these actions, there, in that time."""

    principal: str
    agent: str
    role: str
    actions: tuple[str, ...]
    level: Known
    territories: tuple[str, ...] = (WORLD,)
    starts: date | None = None
    ends: date | None = None


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
    share_alike: bool = False
    attribution: bool = False
    reading: int = 1
    not_after: date | None = None


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
    revoked_on: date | None = None  # the first day without it
    identity: Known = Known.SELF_DECLARED
    evidence: str = ""
    given_on: date | None = None
    purposes: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    models_left: int | None = None
    """How many more models may be made on it; None: as many as one likes."""


@dataclass(frozen=True)
class ReservationFact:
    """A party forbids training on a work, on what lies at an address, or on all that it holds."""

    party: str
    registered_on: date
    work: str | None = None
    url_prefix: str = ""
    level: Known = Known.SELF_DECLARED
    """How well it is known that the addresses are the party's."""


@dataclass(frozen=True)
class LayerFact:
    """Another work seen in this one: "none", "known" (then which) or "unsure"."""

    kind: str
    state: str
    work: str | None = None


@dataclass(frozen=True)
class StatusFact:
    """Whether copyright lasts in a territory: "in-copyright", "public-domain" or "unknown"."""

    territory: str
    status: str
    title: Known
    evidence: str = ""


@dataclass(frozen=True)
class WorkFact:
    """A work with its creators, its chain of title and what else is stated of it."""

    id: str
    title: str
    creators: tuple[str, ...] = ()
    links: tuple[LinkFact, ...] = ()
    licences: tuple[LicenceFact, ...] = ()
    source: str = "unknown"
    layers: tuple[LayerFact, ...] = ()
    statuses: tuple[StatusFact, ...] = ()
    part_of: tuple[str, ...] = ()
    """The collections that it belongs to: a permission for them covers it."""
    dispute: str = ""
    """Empty, "claimed", or "evidenced" where each side has evidence."""
    objectors: tuple[str, ...] = ()
    """Creators who were told of a holder's permission and object."""


@dataclass(frozen=True)
class MatchFact:
    """A picture resembles a protected work, or what `listed` names; `level` is its evidence."""

    work: str | None
    outcome: str  # "match" or "possible"
    level: Known
    explanation: str = ""
    listed: str = ""
    blocks: bool = False  # what this list names


@dataclass(frozen=True)
class PersonFact:
    """Somebody recognisable in a picture; party None: it is not known who."""

    party: str | None
    minor: bool = False


@dataclass(frozen=True)
class SignalFact:
    """What a file, or the address it came from, says about training."""

    source: str
    quote: str
    training: str  # "allowed", "prohibited", "conditional" or "unreadable"


@dataclass(frozen=True)
class SaidFact:
    """What a file says about itself; `read` is False where nobody has looked."""

    read: bool = False
    signals: tuple[SignalFact, ...] = ()
    creators: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    artworks: tuple[str, ...] = ()
    generated: bool = False
    minor: bool = False


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
    custody: bool = False  # collector and source are on record
    source_url: str = ""
    persons: str = "undeclared"
    """Declared: "undeclared", "none", "crowd" or "identifiable"."""
    shown: tuple[PersonFact, ...] = ()
    said: SaidFact = field(default_factory=SaidFact)


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
    """The base model's own state (cleared, uncleared or unknown) and licence."""

    name: str
    cleared: str
    licence: str = ""


@dataclass(frozen=True)
class ResolutionFact:
    """A reviewer cleared this flag for exactly this evidence and policy."""

    code: str
    subject: str
    evidence_digest: str
    policy_version: str


@dataclass(frozen=True)
class Minimum:
    """Below either level a permission does not count for this action: new evidence is needed."""

    action: str
    identity: Known
    title: Known


@dataclass(frozen=True)
class Policy:
    """What this site decides where the law or a licence leaves it open."""

    silent_licence: Severity | None = Severity.FLAG
    """None: a licence that does not speak of training counts as allowing it."""
    uncleared_base: Severity = Severity.FLAG
    evidence: tuple[Minimum, ...] = ()


@dataclass(frozen=True)
class Facts:
    """All that `evaluate` may know. Order and duplicates do not matter."""

    today: date
    pictures: tuple[PictureFact, ...]
    works: tuple[WorkFact, ...] = ()
    parties: tuple[PartyFact, ...] = ()
    grants: tuple[GrantFact, ...] = ()
    delegations: tuple[DelegationFact, ...] = ()
    reservations: tuple[ReservationFact, ...] = ()
    names: tuple[NameFact, ...] = ()
    base: BaseFact | None = None
    resolutions: tuple[ResolutionFact, ...] = ()
    policy: Policy = field(default_factory=Policy)
    exhibits: tuple[PictureFact, ...] = ()  # what its subject shows: a model's samples
