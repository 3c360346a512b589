"""What the ledger keeps of parties: names, addresses, delegates, signatories, merges."""

from __future__ import annotations

from ledger.rules import Event


class PartyNameAdded(Event, kind="party_name.added"):
    """Subject "party:<id>"; the statement is the name."""

    name_kind: str


class PartyNameEnded(Event, kind="party_name.ended"):
    """Subject "party:<id>"; the statement is the name and why it is no longer used."""

    name_kind: str


class DeathRecorded(Event, kind="death.recorded"):
    """Subject "party:<id>": the year, or None where that was wrong."""

    year: int | None


class ContactAdded(Event, kind="contact.added"):
    """Subject "party:<id>"; the statement is the address."""

    contact: str
    contact_kind: str


class ContactAnswered(Event, kind="contact.answered"):
    """Subject "party:<id>": whoever reads there answered; `level` is what that shows here."""

    contact: str
    user: str
    level: int


class ContactChecked(Event, kind="contact.checked"):
    """Subject "party:<id>"; the statement is how it was checked."""

    contact: str
    level: int


class ContactEnded(Event, kind="contact.ended"):
    """Subject "party:<id>"."""

    contact: str


class DelegationDeclared(Event, kind="delegation.declared"):
    """Subject "party:<id>" of the principal."""

    delegation: str
    agent: str
    role: str
    actions: tuple[str, ...]
    level: int


class DelegationEnded(Event, kind="delegation.ended"):
    """Subject "party:<id>" of the principal."""

    delegation: str


class SignatoryNamed(Event, kind="signatory.named"):
    """Subject "party:<id>": whether this member may bind the party."""

    member: str
    may_sign: bool


class PartiesMerged(Event, kind="parties.merged"):
    """Subject "party:<id>" of both; the statement is the reason."""

    merge: str
    kept: str
    merged: str


class MergeUndone(Event, kind="parties.merge_undone"):
    """Subject "party:<id>" of both; the statement is the reason."""

    merge: str
    kept: str
    merged: str


class EvidenceExpired(Event, kind="evidence.expired"):
    """Subject "evidence:<id>": its day is over; the levels are those that it had."""

    identity: int
    title: int
