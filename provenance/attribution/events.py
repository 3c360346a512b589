"""What can happen to a work's record: its description, chain of title, layers and disputes.

Subject "work:<id>" unless it says otherwise; titles, reasons and words are the statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.rules import Event


@dataclass(frozen=True)
class WorkDescribed(Event):
    """The statement is its title."""

    kind: ClassVar[str] = "work.described"
    year: int | None
    country: str
    part_of: str


@dataclass(frozen=True)
class IdentifierAdded(Event):
    """The statement is the identifier."""

    kind: ClassVar[str] = "identifier.added"
    scheme: str


@dataclass(frozen=True)
class IdentifierRemoved(Event):
    """The statement is the identifier."""

    kind: ClassVar[str] = "identifier.removed"
    scheme: str


@dataclass(frozen=True)
class TitleLinked(Event):
    """A link of the chain of title, as somebody states it; `known`: they speak for a holder."""

    kind: ClassVar[str] = "title.linked"
    link: str
    link_kind: str
    grantor: str
    party: str
    conveys: tuple[str, ...]
    reserves: tuple[str, ...]
    territories: tuple[str, ...]
    undoes: str
    evidence: str
    known: bool


@dataclass(frozen=True)
class TitleDocumented(Event):
    """A document is cited for a link that rested on a word; it counts once it is checked."""

    kind: ClassVar[str] = "title.documented"
    link: str
    evidence: str


@dataclass(frozen=True)
class TitleLinkEnded(Event):
    """It was wrong; it stays as history. The statement is the reason."""

    kind: ClassVar[str] = "title.link_ended"
    link: str


@dataclass(frozen=True)
class LayerDeclared(Event):
    """What it shows, or that it shows none."""

    kind: ClassVar[str] = "layer.declared"
    layer: str
    state: str
    shows: str


@dataclass(frozen=True)
class LayerWithdrawn(Event):
    """A layer was wrong."""

    kind: ClassVar[str] = "layer.withdrawn"
    layer: str
    shows: str


@dataclass(frozen=True)
class StatusDeclared(Event):
    """Of one territory; the statement is the reason."""

    kind: ClassVar[str] = "status.declared"
    territory: str
    status: str
    year: int | None
    evidence: str


@dataclass(frozen=True)
class DisputeOpened(Event):
    """The statement is what the claimant says."""

    kind: ClassVar[str] = "dispute.opened"
    dispute: str
    claimant: str
    evidenced: bool


@dataclass(frozen=True)
class DisputeWeighed(Event):
    """A check of evidence made the claims equal, or no longer so."""

    kind: ClassVar[str] = "dispute.weighed"
    dispute: str
    evidenced: bool


@dataclass(frozen=True)
class DisputeResolved(Event):
    """The statement is the reviewer's sentence."""

    kind: ClassVar[str] = "dispute.resolved"
    dispute: str
    evidence: str
    ended: str
    awarded: str
