"""Commands on a revision: accept a flag, release, quarantine, lift, withdraw.

Each is one transaction with its ledger entry; whoever must be told is told after the commit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from ledger.outbox import ring
from ledger.services import append
from provenance.clearance.services import holds, stands
from provenance.models import Bank
from registry.audit.looks import exhibit_samples
from registry.audit.reports import keep
from registry.events import (
    RevisionFlagAccepted,
    RevisionLifted,
    RevisionQuarantined,
    RevisionReleased,
    RevisionWithdrawn,
)
from registry.models import Audit, Download, Revision
from registry.release import states
from registry.release.selectors import (
    evaluate,
    is_owner,
    latest_audit,
    open_findings,
    request_of,
    subject_of,
)
from training.models import Request

if TYPE_CHECKING:
    from accounts.actors import Actor
    from ledger.rules import Event

BUILD = "registry.release.tasks.build"
AUDIT = "registry.release.tasks.audit"
NOTIFY = "registry.recall.tasks.notify"


class ForbiddenError(RefusedError):
    """Somebody else may do this, not you."""

    status = 403


def require(actor: Actor, revision: Revision, command: str) -> None:
    """Refuse unless the table lets `actor` give `command` now."""
    refusal = states.allowed(
        command, state=revision.state, roles=actor.roles, is_owner=is_owner(actor, revision)
    )
    if refusal is None:
        return
    kind = RefusedError if refusal.code == "wrong_state" else ForbiddenError
    raise kind(refusal.code, refusal.sentence, refusal.remedy)


def lock(actor: Actor, revision: Revision, command: str) -> Revision:
    """The row as it is now, locked until the transaction ends, if the table allows.

    Asked again under the lock: of two who act at once, the second finds what the first left.
    """
    rows = Revision.objects.select_for_update(of=("self",)).select_related("model__owner", "run")
    locked = rows.get(pk=revision.pk)
    require(actor, locked, command)
    return locked


def _move(revision: Revision, command: str, **changes: object) -> None:
    wanted = states.BY_NAME[command]
    revision.state = str(wanted.target)
    for name, value in changes.items():
        setattr(revision, name, value)
    rows = Revision.objects.filter(pk=revision.pk, state__in=wanted.sources)
    if not rows.update(state=revision.state, **changes):
        raise RefusedError("wrong_state", "Somebody else was quicker.", "Load the page again.")


def _reason(text: str) -> str:
    if not text.strip():
        raise InvalidError("reason_missing", "A reason is missing.", "Say why: it is recorded.")
    return text.strip()


def audit_again(*, actor: Actor, revision: Revision) -> Revision:
    """Have a draft audited once more, as after a permission came back."""
    with transaction.atomic():
        locked = lock(actor, revision, "audit")
        ring(AUDIT, str(locked.pk))
    return locked


def accept_flag(*, actor: Actor, revision: Revision, reason: str) -> Audit:
    """A reviewer looked at what the audit flagged and lets it pass; the reason is published."""
    why = _reason(reason)
    with transaction.atomic():
        locked = lock(actor, revision, "accept-flag")
        flagged = latest_audit(locked)
        if flagged is None or flagged.outcome != Audit.Outcome.FLAGGED:
            raise RefusedError(
                "not_flagged",
                "The newest audit of this revision is not flagged.",
                "A failed audit cannot be accepted: train again as its report says.",
            )
        accepted = {"of": flagged.pk, "reason": why, "at": timezone.now().isoformat()}
        report = {**flagged.report, "outcome": Audit.Outcome.PASSED, "accepted": accepted}
        audit = keep(locked, report)
        event = RevisionFlagAccepted(audit=flagged.pk)
        append(actor=actor.id, subject=subject_of(locked), event=event, statement=why)
        ring(BUILD, str(locked.run_id))
    return audit


def release(*, actor: Actor, revision: Revision) -> Revision:
    """Make an audited revision downloadable.

    1. the owner, and it is audited; 2. pictures, samples, use and names are decided about once more
    and cleared; 3. under the locks, it is still audited and the decision still holds.
    """
    require(actor, revision, "release")  # 1
    _exhibit(revision)  # 2
    _require_cleared(revision)
    with transaction.atomic():
        locked = lock(actor, revision, "release")  # 3
        _require_holding(locked)
        _move(locked, "release", released_at=timezone.now())
        event = RevisionReleased(
            commit=locked.commit, licence=locked.licence, gated=locked.model.gated
        )
        append(actor=actor.id, subject=subject_of(locked), event=event)
    return locked


def _exhibit(revision: Revision) -> None:
    try:
        exhibit_samples(revision)
    except OSError as error:
        raise RefusedError(
            "samples_missing",
            "A sample of this model cannot be read, so nobody could find works in it.",
            "Train again, or have the operator restore the run's files.",
        ) from error


def _require_cleared(revision: Revision) -> None:
    if request_of(revision).state != Request.State.APPROVED:
        raise RefusedError(
            "approval_revoked",
            "The approval of its training was taken back.",
            "Ask a reviewer why; a new request can be made.",
        )
    evaluation = evaluate(revision)
    if not stands(evaluation):
        first = open_findings(evaluation)[0]
        raise RefusedError(
            "not_cleared",
            f"Its pictures or names are no longer cleared. {first['explanation']}",
            first["remedy"],
        )


def _require_holding(revision: Revision) -> None:
    """Read the standing under the bank's lock.

    Whoever withdraws a permission locks that row too: it comes before this, or waits and then
    finds the revision's standing.
    """
    Bank.locked()
    if not holds(subject_of(revision), approved=True):
        raise RefusedError(
            "permission_lost",
            "A permission was withdrawn while you released.",
            "Load the page again to see which.",
        )


def quarantine(
    *, actor: Actor, revision: Revision, reason: str, codes: tuple[str, ...] = ()
) -> Revision:
    """Stop serving a revision while it is looked into, and have everybody concerned told."""
    why = _reason(reason)
    with transaction.atomic():
        locked = lock(actor, revision, "quarantine")
        _move(locked, "quarantine", ended_at=timezone.now(), ended_reason=why)
        event = RevisionQuarantined(commit=locked.commit, findings=codes)
        _conclude(actor, locked, event, why)
    return locked


def lift(*, actor: Actor, revision: Revision, reason: str) -> Revision:
    """Serve a quarantined revision again, if all that it rests on is cleared now."""
    why = _reason(reason)
    require(actor, revision, "lift")
    _require_cleared(revision)
    with transaction.atomic():
        locked = lock(actor, revision, "lift")
        _require_holding(locked)
        _move(locked, "lift", ended_at=None, ended_reason="", owner_told_at=None)
        Download.objects.filter(revision=locked).update(told_at=None)
        event = RevisionLifted(commit=locked.commit)
        append(actor=actor.id, subject=subject_of(locked), event=event, statement=why)
    return locked


def withdraw(*, actor: Actor, revision: Revision, reason: str) -> Revision:
    """Stop serving a revision for good, and have everybody concerned told."""
    why = _reason(reason)
    with transaction.atomic():
        locked = lock(actor, revision, "withdraw")
        _move(locked, "withdraw", ended_at=timezone.now(), ended_reason=why)
        _conclude(actor, locked, RevisionWithdrawn(commit=locked.commit), why)
    return locked


def _conclude(actor: Actor, revision: Revision, event: Event, why: str) -> None:
    append(actor=actor.id, subject=subject_of(revision), event=event, statement=why)
    ring(NOTIFY, str(revision.pk))
