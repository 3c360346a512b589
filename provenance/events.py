"""What can happen to sets, pictures, works, protections and evidence: codes only, past tense.

Names, file names and addresses go into an entry's statement, which can be erased.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.rules import Event


@dataclass(frozen=True)
class SetCreated(Event):
    """Subject "set:<id>"; the statement is its name."""

    kind: ClassVar[str] = "set.created"


@dataclass(frozen=True)
class SetRenamed(Event):
    """Subject "set:<id>"; the statement is the new name."""

    kind: ClassVar[str] = "set.renamed"


@dataclass(frozen=True)
class SetDeleted(Event):
    """Subject "set:<id>"."""

    kind: ClassVar[str] = "set.deleted"
    pictures: int


@dataclass(frozen=True)
class PictureAdded(Event):
    """Subject "set:<id>"; the statement is the file's name as it came."""

    kind: ClassVar[str] = "picture.added"
    item: str
    sha256: str


@dataclass(frozen=True)
class PictureFetched(Event):
    """Subject "set:<id>"; the statement is the address. `signals` are `source=training`."""

    kind: ClassVar[str] = "picture.fetched"
    item: str
    sha256: str
    signals: tuple[str, ...]


@dataclass(frozen=True)
class PictureRemoved(Event):
    """Subject "set:<id>"."""

    kind: ClassVar[str] = "picture.removed"
    item: str
    sha256: str


@dataclass(frozen=True)
class PictureDeclared(Event):
    """Subject "set:<id>": what the applicant says a picture shows, and how its copy came here."""

    kind: ClassVar[str] = "picture.declared"
    item: str
    work: str
    persons: str
    warranted: bool


@dataclass(frozen=True)
class CopyHandedOver(Event):
    """Subject "set:<id>": a hand through which a copy went; the statement says whose."""

    kind: ClassVar[str] = "copy.handed_over"
    item: str
    on: str


@dataclass(frozen=True)
class SetCopied(Event):
    """Subject "set:<id>", the new one. Custody and declarations came along, no permission did."""

    kind: ClassVar[str] = "set.copied"
    source: str
    pictures: int


@dataclass(frozen=True)
class WorkDeclared(Event):
    """Subject "work:<id>"; the statement is its title. A declaration raises no level."""

    kind: ClassVar[str] = "work.declared"
    creators: tuple[str, ...]
    holders: tuple[str, ...]
    licence: str
    evidence: str


@dataclass(frozen=True)
class WorkProtected(Event):
    """Subject "work:<id>"; the statement is the holder's reference.

    Without sha256 the picture stayed with its holder.
    """

    kind: ClassVar[str] = "work.protected"
    protection: str
    holder: str
    sha256: str
    level: int
    bank_version: int


@dataclass(frozen=True)
class ProtectionSubstantiated(Event):
    """Subject "work:<id>": better evidence for a protection that was there already."""

    kind: ClassVar[str] = "protection.substantiated"
    protection: str
    level: int


@dataclass(frozen=True)
class PartyRegistered(Event):
    """Subject "party:<id>"; the statement is its name."""

    kind: ClassVar[str] = "party.registered"
    party_kind: str
    level: int


@dataclass(frozen=True)
class PartyDied(Event):
    """Subject "party:<id>"; the year, 0 where it is not known; the statement is the source."""

    kind: ClassVar[str] = "party.died"
    year: int


@dataclass(frozen=True)
class NamesakeCleared(Event):
    """Subject "party:<id>": another may use a form that resembles its name; why is stated."""

    kind: ClassVar[str] = "namesake.cleared"
    user: str
    decision: int


@dataclass(frozen=True)
class ErasureRequested(Event):
    """Subject "party:<id>": somebody who speaks for it wants its words here erased."""

    kind: ClassVar[str] = "erasure.requested"


@dataclass(frozen=True)
class PartyErased(Event):
    """Subject "party:<id>": an operator erased the words by and about it."""

    kind: ClassVar[str] = "party.erased"
    statements: int


@dataclass(frozen=True)
class MembershipClaimed(Event):
    """Subject "party:<id>": a user says that they speak for it; nobody has checked it."""

    kind: ClassVar[str] = "membership.claimed"
    user: str


@dataclass(frozen=True)
class EvidenceSubmitted(Event):
    """Subject "evidence:<id>"; the statement is its title."""

    kind: ClassVar[str] = "evidence.submitted"
    sha256: str
    media_type: str


@dataclass(frozen=True)
class EvidenceChecked(Event):
    """Subject "evidence:<id>"; the statement is the reviewer's note."""

    kind: ClassVar[str] = "evidence.checked"
    identity: int
    title: int
    holdings: int
    grants: int


@dataclass(frozen=True)
class BankSet(Event):
    """Subject "bank:<number>": a bank was opened or set; the statement has its name, and why."""

    kind: ClassVar[str] = "bank.set"
    bank: str
    match_at: str
    possible_at: str
    blocks: bool


@dataclass(frozen=True)
class BankEntryAdded(Event):
    """Subject "bank:<number>": others are compared with a picture; the statement is the reason."""

    kind: ClassVar[str] = "bank.entry_added"
    bank: str
    entry: int
    bank_version: int


@dataclass(frozen=True)
class BankEntryEnded(Event):
    """Subject "bank:<number>"; the statement is the reason."""

    kind: ClassVar[str] = "bank.entry_ended"
    bank: str
    entry: int
    bank_version: int


@dataclass(frozen=True)
class MatchJudged(Event):
    """Subject "image:<sha256>": a reviewer looked at a match; the statement is the reason."""

    kind: ClassVar[str] = "match.judged"
    match: int
    confirmed: bool
    entry: int | None
    """The negative entry that the rejection taught, if it did."""


@dataclass(frozen=True)
class CodesImported(Event):
    """Subject "bank:<number>": a list of others was put onto a bank; the statement says why."""

    kind: ClassVar[str] = "bank.codes_imported"
    bank: str
    listed: int
    bank_version: int
