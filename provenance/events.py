"""What can happen to sets, pictures, works, protections and evidence: codes only, past tense.

Names, file names and addresses go into an entry's statement, which can be erased.
"""

from __future__ import annotations

from ledger.rules import Event


class SetCreated(Event, kind="set.created"):
    """Subject "set:<id>"; the statement is its name."""


class SetRenamed(Event, kind="set.renamed"):
    """Subject "set:<id>"; the statement is the new name."""


class SetDeleted(Event, kind="set.deleted"):
    """Subject "set:<id>"."""

    pictures: int


class PictureAdded(Event, kind="picture.added"):
    """Subject "set:<id>"; the statement is the file's name as it came."""

    item: str
    sha256: str


class PictureFetched(Event, kind="picture.fetched"):
    """Subject "set:<id>"; the statement is the address. `signals` are `source=training`."""

    item: str
    sha256: str
    signals: tuple[str, ...]


class PictureRemoved(Event, kind="picture.removed"):
    """Subject "set:<id>"."""

    item: str
    sha256: str


class PictureDeclared(Event, kind="picture.declared"):
    """Subject "set:<id>": what the applicant says a picture shows, and how its copy came here."""

    item: str
    work: str
    persons: str
    warranted: bool


class CopyHandedOver(Event, kind="copy.handed_over"):
    """Subject "set:<id>": a hand through which a copy went; the statement says whose."""

    item: str
    on: str


class SetCopied(Event, kind="set.copied"):
    """Subject "set:<id>", the new one. Custody and declarations came along, no permission did."""

    source: str
    pictures: int


class WorkDeclared(Event, kind="work.declared"):
    """Subject "work:<id>"; the statement is its title. A declaration raises no level."""

    creators: tuple[str, ...]
    holders: tuple[str, ...]
    licence: str
    evidence: str


class WorkProtected(Event, kind="work.protected"):
    """Subject "work:<id>"; the statement is the holder's reference.

    Without sha256 the picture stayed with its holder.
    """

    protection: str
    holder: str
    sha256: str
    level: int
    bank_version: int


class ProtectionSubstantiated(Event, kind="protection.substantiated"):
    """Subject "work:<id>": better evidence for a protection that was there already."""

    protection: str
    level: int


class PartyRegistered(Event, kind="party.registered"):
    """Subject "party:<id>"; the statement is its name."""

    party_kind: str
    level: int


class PartyDied(Event, kind="party.died"):
    """Subject "party:<id>"; the year, 0 where it is not known; the statement is the source."""

    year: int


class NamesakeCleared(Event, kind="namesake.cleared"):
    """Subject "party:<id>": another may use a form that resembles its name; why is stated."""

    user: str
    decision: int


class ErasureRequested(Event, kind="erasure.requested"):
    """Subject "party:<id>": somebody who speaks for it wants its words here erased."""


class PartyErased(Event, kind="party.erased"):
    """Subject "party:<id>": an operator erased the words by and about it."""

    statements: int


class MembershipClaimed(Event, kind="membership.claimed"):
    """Subject "party:<id>": a user says that they speak for it; nobody has checked it."""

    user: str


class EvidenceSubmitted(Event, kind="evidence.submitted"):
    """Subject "evidence:<id>"; the statement is its title."""

    sha256: str
    media_type: str


class EvidenceChecked(Event, kind="evidence.checked"):
    """Subject "evidence:<id>"; the statement is the reviewer's note."""

    identity: int
    title: int
    holdings: int
    grants: int


class BankSet(Event, kind="bank.set"):
    """Subject "bank:<number>": a bank was opened or set; the statement has its name, and why."""

    bank: str
    match_at: str
    possible_at: str
    blocks: bool


class BankEntryAdded(Event, kind="bank.entry_added"):
    """Subject "bank:<number>": others are compared with a picture; the statement is the reason."""

    bank: str
    entry: int
    bank_version: int


class BankEntryEnded(Event, kind="bank.entry_ended"):
    """Subject "bank:<number>"; the statement is the reason."""

    bank: str
    entry: int
    bank_version: int


class MatchJudged(Event, kind="match.judged"):
    """Subject "image:<sha256>": a reviewer looked at a match; the statement is the reason."""

    match: int
    confirmed: bool
    entry: int | None
    """The negative entry that the rejection taught, if it did."""


class CodesImported(Event, kind="bank.codes_imported"):
    """Subject "bank:<number>": a list of others was put onto a bank; the statement says why."""

    bank: str
    listed: int
    bank_version: int
