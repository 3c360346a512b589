"""What can happen to a work's record: its description, chain of title, layers and disputes.

Subject "work:<id>" unless it says otherwise; titles, reasons and words are the statement.
"""

from __future__ import annotations

from ledger.rules import Event


class WorkDescribed(Event, kind="work.described"):
    """The statement is its title."""

    year: int | None
    country: str
    part_of: str


class IdentifierAdded(Event, kind="identifier.added"):
    """The statement is the identifier."""

    scheme: str


class IdentifierRemoved(Event, kind="identifier.removed"):
    """The statement is the identifier."""

    scheme: str


class TitleLinked(Event, kind="title.linked"):
    """A link of the chain of title, as somebody states it; `known`: they speak for a holder."""

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


class TitleDocumented(Event, kind="title.documented"):
    """A document is cited for a link that rested on a word; it counts once it is checked."""

    link: str
    evidence: str


class TitleLinkEnded(Event, kind="title.link_ended"):
    """It was wrong; it stays as history. The statement is the reason."""

    link: str


class LayerDeclared(Event, kind="layer.declared"):
    """What it shows, or that it shows none."""

    layer: str
    state: str
    shows: str


class LayerWithdrawn(Event, kind="layer.withdrawn"):
    """A layer was wrong."""

    layer: str
    shows: str


class StatusDeclared(Event, kind="status.declared"):
    """Of one territory; the statement is the reason."""

    territory: str
    status: str
    year: int | None
    evidence: str


class DisputeOpened(Event, kind="dispute.opened"):
    """The statement is what the claimant says."""

    dispute: str
    claimant: str
    evidenced: bool


class DisputeWeighed(Event, kind="dispute.weighed"):
    """A check of evidence made the claims equal, or no longer so."""

    dispute: str
    evidenced: bool


class DisputeResolved(Event, kind="dispute.resolved"):
    """The statement is the reviewer's sentence."""

    dispute: str
    evidence: str
    ended: str
    awarded: str
