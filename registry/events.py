"""What may happen to a revision, as the ledger tells it: codes only, past tense.

The subject is always "revision:<id>"; reasons and notices are the entry's statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.rules import Event


@dataclass(frozen=True)
class RevisionDrafted(Event):
    """A trained run became a draft of a model."""

    kind: ClassVar[str] = "revision.drafted"
    model: str
    run: str
    manifest: str


@dataclass(frozen=True)
class RevisionAudited(Event):
    """An audit was made; `report` is the sha256 of its canonical JSON."""

    kind: ClassVar[str] = "revision.audited"
    audit: int
    outcome: str
    report: str


@dataclass(frozen=True)
class RevisionFlagAccepted(Event):
    """A reviewer who does not own the model looked at a flagged audit and accepted it."""

    kind: ClassVar[str] = "revision.flag_accepted"
    audit: int


@dataclass(frozen=True)
class RevisionBuilt(Event):
    """The package was sealed under `commit`."""

    kind: ClassVar[str] = "revision.built"
    commit: str
    audit: int
    files: int


@dataclass(frozen=True)
class RevisionReleased(Event):
    """The owner made it downloadable."""

    kind: ClassVar[str] = "revision.released"
    commit: str
    licence: str
    gated: bool


@dataclass(frozen=True)
class RevisionQuarantined(Event):
    """It is not served while it is looked into; `findings` are the codes that were why."""

    kind: ClassVar[str] = "revision.quarantined"
    commit: str
    findings: tuple[str, ...] = ()


@dataclass(frozen=True)
class RevisionLifted(Event):
    """The quarantine ended: it is served again."""

    kind: ClassVar[str] = "revision.lifted"
    commit: str


@dataclass(frozen=True)
class RevisionWithdrawn(Event):
    """It is not served any more, for good."""

    kind: ClassVar[str] = "revision.withdrawn"
    commit: str


@dataclass(frozen=True)
class TermsAccepted(Event):
    """The actor accepted the terms with this sha256."""

    kind: ClassVar[str] = "terms.accepted"
    terms: str


@dataclass(frozen=True)
class RevisionLabelled(Event):
    """The owner gave it a name that will always mean this revision."""

    kind: ClassVar[str] = "revision.labelled"
    label: str
    commit: str


@dataclass(frozen=True)
class RevisionDeprecated(Event):
    """The owner advises against it; `successor` is the id of the one to use instead."""

    kind: ClassVar[str] = "revision.deprecated"
    commit: str
    successor: str


@dataclass(frozen=True)
class ModelRenamed(Event):
    """The model has another address; for cause: the old one leads nowhere."""

    kind: ClassVar[str] = "model.renamed"
    for_cause: bool


@dataclass(frozen=True)
class AccessRuleChanged(Event):
    """Whether the owner decides about each person who wants it."""

    kind: ClassVar[str] = "model.access_rule_changed"
    by_approval: bool


@dataclass(frozen=True)
class AccessRequested(Event):
    """The actor asked for a model whose owner decides about each person."""

    kind: ClassVar[str] = "access.requested"
    model: str


@dataclass(frozen=True)
class AccessApproved(Event):
    """The model's owner lets the person have it."""

    kind: ClassVar[str] = "access.approved"
    model: str


@dataclass(frozen=True)
class AccessRejected(Event):
    """The model's owner does not; the statement holds the reason, which the person reads."""

    kind: ClassVar[str] = "access.rejected"
    model: str


@dataclass(frozen=True)
class ModelImported(Event):
    """A folder that was trained elsewhere was brought in, quarantined."""

    kind: ClassVar[str] = "model.imported"
    sha256: str
    files: int


@dataclass(frozen=True)
class ProvenanceRecorded(Event):
    """Somebody stated what an import was trained on; the statement holds the words."""

    kind: ClassVar[str] = "import.provenance_recorded"
    licence: str
    cleared: str


@dataclass(frozen=True)
class ImportAccepted(Event):
    """A second person found the record of an import sufficient: it is shown, as unverified."""

    kind: ClassVar[str] = "import.accepted"


@dataclass(frozen=True)
class ImportQuarantined(Event):
    """An import is hidden again while its record is looked into."""

    kind: ClassVar[str] = "import.quarantined"


@dataclass(frozen=True)
class OwnerRenamed(Event):
    """A user has another name; the addresses of their models lead on."""

    kind: ClassVar[str] = "user.renamed"
