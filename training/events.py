"""What may happen to bases, requests and runs, as the ledger tells it: codes only, past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.rules import Event


@dataclass(frozen=True)
class BaseRegistered(Event):
    """A base model may be trained on here; `sha256` is its folder's digest."""

    kind: ClassVar[str] = "base.registered"
    sha256: str
    licence: str
    cleared: str


@dataclass(frozen=True)
class RequestDrafted(Event):
    """Somebody began a request for a set."""

    kind: ClassVar[str] = "request.drafted"
    image_set: str
    base: str


@dataclass(frozen=True)
class RequestEdited(Event):
    """The applicant changed the draft."""

    kind: ClassVar[str] = "request.edited"
    base: str


@dataclass(frozen=True)
class RequestSubmitted(Event):
    """The set was frozen with its use; `manifest` is the digest of both."""

    kind: ClassVar[str] = "request.submitted"
    manifest: str
    outcome: str


@dataclass(frozen=True)
class RequestReturned(Event):
    """A reviewer asks for changes; the statement holds the reason."""

    kind: ClassVar[str] = "request.returned"
    manifest: str


@dataclass(frozen=True)
class RequestRejected(Event):
    """A reviewer said no; the statement holds the reason."""

    kind: ClassVar[str] = "request.rejected"
    manifest: str


@dataclass(frozen=True)
class RequestClosed(Event):
    """The applicant took the request back."""

    kind: ClassVar[str] = "request.closed"


@dataclass(frozen=True)
class RequestApproved(Event):
    """A second person approved exactly these bytes; `key` signed them."""

    kind: ClassVar[str] = "request.approved"
    manifest: str
    key: str
    run: str


@dataclass(frozen=True)
class ApprovalRevoked(Event):
    """An approval was taken back; the statement holds the reason."""

    kind: ClassVar[str] = "request.approval_revoked"
    manifest: str


@dataclass(frozen=True)
class FlagsResolved(Event):
    """A reviewer cleared like flags together, or one by looking; the statement says why."""

    kind: ClassVar[str] = "request.flags_resolved"
    code: str
    group: str
    how: str
    count: int


@dataclass(frozen=True)
class SetFrozen(Event):
    """The set may not be changed while it is under review or approved."""

    kind: ClassVar[str] = "set.frozen"
    request: str


@dataclass(frozen=True)
class SetUnfrozen(Event):
    """The set may be changed again."""

    kind: ClassVar[str] = "set.unfrozen"
    request: str


@dataclass(frozen=True)
class RunQueued(Event):
    """A run waits for a worker."""

    kind: ClassVar[str] = "run.queued"
    request: str
    manifest: str


@dataclass(frozen=True)
class RunStarted(Event):
    """A worker took the run; `fence` is the number of this attempt."""

    kind: ClassVar[str] = "run.started"
    fence: int


@dataclass(frozen=True)
class RunRequeued(Event):
    """The worker of attempt `fence` was lost; the run waits for another."""

    kind: ClassVar[str] = "run.requeued"
    fence: int


@dataclass(frozen=True)
class RunCancelRequested(Event):
    """Somebody who may asked for the run to end."""

    kind: ClassVar[str] = "run.cancel_requested"


@dataclass(frozen=True)
class RunPauseRequested(Event):
    """Somebody who may asked for the run to pause."""

    kind: ClassVar[str] = "run.pause_requested"


@dataclass(frozen=True)
class RunPaused(Event):
    """The run rests where it was; `fence` is the number of the attempt that ended."""

    kind: ClassVar[str] = "run.paused"
    fence: int


@dataclass(frozen=True)
class RunResumed(Event):
    """Somebody let a paused run go on, or an ended one (`state`) be tried again."""

    kind: ClassVar[str] = "run.resumed"
    state: str


@dataclass(frozen=True)
class CheckpointQuarantined(Event):
    """What a halted run had learnt was moved to where no run finds it."""

    kind: ClassVar[str] = "run.quarantined"
    fence: int


@dataclass(frozen=True)
class ClassPicturesScreened(Event):
    """The base's class pictures were compared with protected works; `manifest` lists the kept."""

    kind: ClassVar[str] = "run.class_pictures_screened"
    manifest: str
    kept: int
    dropped: int


@dataclass(frozen=True)
class RunEnded(Event):
    """The run is over: cancelled, failed, halted or trained; the statement says why."""

    kind: ClassVar[str] = "run.ended"
    state: str
    fence: int
