"""What the ledger keeps of parties: names, addresses, delegates, signatories, merges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.rules import Event


@dataclass(frozen=True)
class PartyNameAdded(Event):
    """Subject "party:<id>"; the statement is the name."""

    kind: ClassVar[str] = "party_name.added"
    name_kind: str


@dataclass(frozen=True)
class PartyNameEnded(Event):
    """Subject "party:<id>"; the statement is the name and why it is no longer used."""

    kind: ClassVar[str] = "party_name.ended"
    name_kind: str


@dataclass(frozen=True)
class DeathRecorded(Event):
    """Subject "party:<id>": the year, or None where that was wrong."""

    kind: ClassVar[str] = "death.recorded"
    year: int | None


@dataclass(frozen=True)
class ContactAdded(Event):
    """Subject "party:<id>"; the statement is the address."""

    kind: ClassVar[str] = "contact.added"
    contact: str
    contact_kind: str


@dataclass(frozen=True)
class ContactAnswered(Event):
    """Subject "party:<id>": whoever reads there answered; `level` is what that shows here."""

    kind: ClassVar[str] = "contact.answered"
    contact: str
    user: str
    level: int


@dataclass(frozen=True)
class ContactChecked(Event):
    """Subject "party:<id>"; the statement is how it was checked."""

    kind: ClassVar[str] = "contact.checked"
    contact: str
    level: int


@dataclass(frozen=True)
class ContactEnded(Event):
    """Subject "party:<id>"."""

    kind: ClassVar[str] = "contact.ended"
    contact: str


@dataclass(frozen=True)
class DelegationDeclared(Event):
    """Subject "party:<id>" of the principal."""

    kind: ClassVar[str] = "delegation.declared"
    delegation: str
    agent: str
    role: str
    actions: tuple[str, ...]
    level: int


@dataclass(frozen=True)
class DelegationEnded(Event):
    """Subject "party:<id>" of the principal."""

    kind: ClassVar[str] = "delegation.ended"
    delegation: str


@dataclass(frozen=True)
class SignatoryNamed(Event):
    """Subject "party:<id>": whether this member may bind the party."""

    kind: ClassVar[str] = "signatory.named"
    member: str
    may_sign: bool


@dataclass(frozen=True)
class PartiesMerged(Event):
    """Subject "party:<id>" of both; the statement is the reason."""

    kind: ClassVar[str] = "parties.merged"
    merge: str
    kept: str
    merged: str


@dataclass(frozen=True)
class MergeUndone(Event):
    """Subject "party:<id>" of both; the statement is the reason."""

    kind: ClassVar[str] = "parties.merge_undone"
    merge: str
    kept: str
    merged: str


@dataclass(frozen=True)
class EvidenceExpired(Event):
    """Subject "evidence:<id>": its day is over; the levels are those that it had."""

    kind: ClassVar[str] = "evidence.expired"
    identity: int
    title: int
