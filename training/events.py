"""What may happen to bases, requests and runs, as the ledger tells it: codes only, past tense."""

from __future__ import annotations

from ledger.rules import Event


class BaseRegistered(Event, kind="base.registered"):
    """A base model may be trained on here; `sha256` is its folder's digest."""

    sha256: str
    licence: str
    cleared: str


class RequestDrafted(Event, kind="request.drafted"):
    """Somebody began a request for a set."""

    image_set: str
    base: str


class RequestEdited(Event, kind="request.edited"):
    """The applicant changed the draft."""

    base: str


class RequestSubmitted(Event, kind="request.submitted"):
    """The set was frozen with its use; `manifest` is the digest of both."""

    manifest: str
    outcome: str


class RequestReturned(Event, kind="request.returned"):
    """A reviewer asks for changes; the statement holds the reason."""

    manifest: str


class RequestRejected(Event, kind="request.rejected"):
    """A reviewer said no; the statement holds the reason."""

    manifest: str


class RequestClosed(Event, kind="request.closed"):
    """The applicant took the request back."""


class RequestApproved(Event, kind="request.approved"):
    """A second person approved exactly these bytes; `key` signed them."""

    manifest: str
    key: str
    run: str


class ApprovalRevoked(Event, kind="request.approval_revoked"):
    """An approval was taken back; the statement holds the reason."""

    manifest: str


class FlagsResolved(Event, kind="request.flags_resolved"):
    """A reviewer cleared like flags together, or one by looking; the statement says why."""

    code: str
    group: str
    how: str
    count: int


class SetFrozen(Event, kind="set.frozen"):
    """The set may not be changed while it is under review or approved."""

    request: str


class SetUnfrozen(Event, kind="set.unfrozen"):
    """The set may be changed again."""

    request: str


class RunQueued(Event, kind="run.queued"):
    """A run waits for a worker."""

    request: str
    manifest: str


class RunStarted(Event, kind="run.started"):
    """A worker took the run; `fence` is the number of this attempt."""

    fence: int


class RunRequeued(Event, kind="run.requeued"):
    """The worker of attempt `fence` was lost; the run waits for another."""

    fence: int


class RunCancelRequested(Event, kind="run.cancel_requested"):
    """Somebody who may asked for the run to end."""


class RunPauseRequested(Event, kind="run.pause_requested"):
    """Somebody who may asked for the run to pause."""


class RunPaused(Event, kind="run.paused"):
    """The run rests where it was; `fence` is the number of the attempt that ended."""

    fence: int


class RunResumed(Event, kind="run.resumed"):
    """Somebody let a paused run go on, or an ended one (`state`) be tried again."""

    state: str


class CheckpointQuarantined(Event, kind="run.quarantined"):
    """What a halted run had learnt was moved to where no run finds it."""

    fence: int


class ClassPicturesScreened(Event, kind="run.class_pictures_screened"):
    """The base's class pictures were compared with protected works; `manifest` lists the kept."""

    manifest: str
    kept: int
    dropped: int


class RunEnded(Event, kind="run.ended"):
    """The run is over: cancelled, failed, halted or trained; the statement says why."""

    state: str
    fence: int
