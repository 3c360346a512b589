"""What may happen to a revision, as the ledger tells it: codes only, past tense.

The subject is always "revision:<id>"; reasons and notices are the entry's statement.
"""

from __future__ import annotations

from ledger.rules import Event


class RevisionDrafted(Event, kind="revision.drafted"):
    """A trained run became a draft of a model."""

    model: str
    run: str
    manifest: str


class RevisionAudited(Event, kind="revision.audited"):
    """An audit was made; `report` is the sha256 of its canonical JSON."""

    audit: int
    outcome: str
    report: str


class RevisionFlagAccepted(Event, kind="revision.flag_accepted"):
    """A reviewer who does not own the model looked at a flagged audit and accepted it."""

    audit: int


class RevisionBuilt(Event, kind="revision.built"):
    """The package was sealed under `commit`."""

    commit: str
    audit: int
    files: int


class RevisionReleased(Event, kind="revision.released"):
    """The owner made it downloadable."""

    commit: str
    licence: str
    gated: bool


class RevisionQuarantined(Event, kind="revision.quarantined"):
    """It is not served while it is looked into; `findings` are the codes that were why."""

    commit: str
    findings: tuple[str, ...] = ()


class RevisionLifted(Event, kind="revision.lifted"):
    """The quarantine ended: it is served again."""

    commit: str


class RevisionWithdrawn(Event, kind="revision.withdrawn"):
    """It is not served any more, for good."""

    commit: str


class TermsAccepted(Event, kind="terms.accepted"):
    """The actor accepted the terms with this sha256."""

    terms: str


class RevisionLabelled(Event, kind="revision.labelled"):
    """The owner gave it a name that will always mean this revision."""

    label: str
    commit: str


class RevisionDeprecated(Event, kind="revision.deprecated"):
    """The owner advises against it; `successor` is the id of the one to use instead."""

    commit: str
    successor: str


class ModelRenamed(Event, kind="model.renamed"):
    """The model has another address; for cause: the old one leads nowhere."""

    for_cause: bool


class AccessRuleChanged(Event, kind="model.access_rule_changed"):
    """Whether the owner decides about each person who wants it."""

    by_approval: bool


class AccessRequested(Event, kind="access.requested"):
    """The actor asked for a model whose owner decides about each person."""

    model: str


class AccessApproved(Event, kind="access.approved"):
    """The model's owner lets the person have it."""

    model: str


class AccessRejected(Event, kind="access.rejected"):
    """The model's owner does not; the statement holds the reason, which the person reads."""

    model: str


class ModelImported(Event, kind="model.imported"):
    """A folder that was trained elsewhere was brought in, quarantined."""

    sha256: str
    files: int


class ProvenanceRecorded(Event, kind="import.provenance_recorded"):
    """Somebody stated what an import was trained on; the statement holds the words."""

    licence: str
    cleared: str


class ImportAccepted(Event, kind="import.accepted"):
    """A second person found the record of an import sufficient: it is shown, as unverified."""


class ImportQuarantined(Event, kind="import.quarantined"):
    """An import is hidden again while its record is looked into."""


class OwnerRenamed(Event, kind="user.renamed"):
    """A user has another name; the addresses of their models lead on."""
