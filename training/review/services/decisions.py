"""A second person decides: approve exactly these bytes, return, reject, take an approval back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from accounts.errors import RefusedError
from ledger import signing
from ledger.outbox import ring
from ledger.services import append
from provenance.clearance.rules import Outcome
from provenance.clearance.services import holds, open_findings
from provenance.consent.services import use_grants
from provenance.models import Bank
from training.datasets.rules import digest
from training.datasets.selectors import manifest_for
from training.events import (
    ApprovalRevoked,
    RequestApproved,
    RequestRejected,
    RequestReturned,
    RunQueued,
)
from training.models import Decision, Request, Run
from training.review.estimates import estimate
from training.review.selectors import subject_of
from training.review.services.locking import evaluate, lock, move, reason_of, require, unfreeze
from training.review.services.standings import copy_standing, drop_standing
from training.review.services.submission import store_manifest

if TYPE_CHECKING:
    from accounts.actors import Actor
    from provenance.models import Evaluation
    from training.datasets.rules import Manifest

EXECUTE = {
    "cpu": "training.dispatch.tasks.execute",
    "gpu": "training.dispatch.tasks.execute_on_gpu",
}
"""The doorbell of each resource; each has a queue of its own."""


def approve(*, actor: Actor, request: Request, manifest_sha256: str, reason: str) -> Run:
    """Sign the manifest whose digest the reviewer looked at, and queue its run.

    1. a reviewer who is not the applicant, with a reason; 2. the decision made again now is
    cleared; 3. the manifest built again now is the one looked at; 4. under the locks, the request
    still waits, its grants are for one model more and the decision still holds; then signature,
    run and entries come together.
    """
    require(actor, request, "approve")  # 1
    why = reason_of(reason)
    evaluation = evaluate(request)
    _require_cleared(evaluation)  # 2
    looked_at = _looked_at(request, evaluation, manifest_sha256)  # 3
    key = signing.load_or_create_key(settings.KEYS_DIR / "approval.key")
    signing.trust_key(settings.TRUSTED_KEYS, signing.public_hex(key))
    with transaction.atomic():
        locked = lock(actor, request, "approve")  # 4
        grants = {grant for image in looked_at.images for grant in image.grants}
        use_grants(actor=actor, subject=subject_of(locked), grants=grants)
        _require_still_holding(locked)
        manifest = store_manifest(locked, evaluation)
        signature = signing.sign(manifest.body.encode(), key)
        manifest.signature = signature.to_json()
        manifest.save(update_fields=["signature"])
        move(locked, "approve")
        _decide(actor, locked, Decision.Kind.APPROVED, manifest.sha256, why)
        run = Run(id=uuid4(), request=locked, manifest=manifest, steps=locked.steps)
        run.resource = locked.resource
        expected = estimate(locked)
        run.expected_seconds = expected.seconds if expected else None
        approved = RequestApproved(manifest=manifest.sha256, key=signature.key, run=str(run.pk))
        append(actor=actor.id, subject=subject_of(locked), event=approved, statement=why)
        queue(actor, run)
    return run


def queue(actor: Actor, run: Run) -> None:
    """Keep the run, let it stand on its request's decision, and ring for a worker."""
    run.save(force_insert=True)
    copy_standing(subject_of(run.request), f"run:{run.pk}")
    event = RunQueued(request=str(run.request_id), manifest=run.manifest_id)
    append(actor=actor.id, subject=f"run:{run.pk}", event=event)
    ring(EXECUTE[run.resource], str(run.pk))


def _require_cleared(evaluation: Evaluation) -> None:
    if evaluation.outcome == Outcome.CLEARED:
        return
    left = open_findings(evaluation)
    first = left[0]["explanation"] if left else ""
    raise RefusedError(
        "not_cleared",
        f"The set is {evaluation.outcome}: {len(left)} open findings, the first: {first}",
        "Resolve every flag with a reason, or return the request.",
    )


def _looked_at(request: Request, evaluation: Evaluation, manifest_sha256: str) -> Manifest:
    manifest = manifest_for(request, evaluation)
    if digest(manifest.to_bytes()) != manifest_sha256:
        raise RefusedError(
            "changed_since_looked",
            "What would be approved is not what you looked at: the records changed since.",
            "Load the page again, look at it, and approve what you see.",
        )
    return manifest


def _require_still_holding(request: Request) -> None:
    # A permission may be withdrawn after the decision was made; whoever withdraws one locks the
    # bank's row as well, so from here on it waits and then finds the run's standing too.
    Bank.locked()
    if not holds(subject_of(request)):
        raise RefusedError(
            "permission_lost",
            "A permission was withdrawn while you approved.",
            "Load the page again to see which.",
        )


def _decide(actor: Actor, request: Request, kind: Decision.Kind, manifest: str, why: str) -> None:
    Decision.objects.create(
        request=request, kind=kind, manifest_sha256=manifest, reviewer_id=actor.id, reason=why
    )


def _submitted_manifest(request: Request) -> str:
    newest = request.manifests.order_by("-made_at").values_list("sha256", flat=True)
    return newest.first() or ""


def return_request(*, actor: Actor, request: Request, reason: str) -> Request:
    """Ask the applicant for changes; the set may be changed again."""
    why = reason_of(reason)
    with transaction.atomic():
        locked = lock(actor, request, "return")
        manifest = _submitted_manifest(locked)
        move(locked, "return")
        _decide(actor, locked, Decision.Kind.RETURNED, manifest, why)
        event = RequestReturned(manifest=manifest)
        append(actor=actor.id, subject=subject_of(locked), event=event, statement=why)
        unfreeze(actor, locked)
    return locked


def reject(*, actor: Actor, request: Request, reason: str) -> Request:
    """Say no for good; the set may be changed and asked for anew."""
    why = reason_of(reason)
    with transaction.atomic():
        locked = lock(actor, request, "reject")
        manifest = _submitted_manifest(locked)
        move(locked, "reject")
        _decide(actor, locked, Decision.Kind.REJECTED, manifest, why)
        event = RequestRejected(manifest=manifest)
        append(actor=actor.id, subject=subject_of(locked), event=event, statement=why)
        unfreeze(actor, locked)
    return locked


def revoke(*, actor: Actor, request: Request, reason: str) -> Request:
    """Take an approval back: its runs lose their standing, and a live one is halted."""
    why = reason_of(reason)
    with transaction.atomic():
        locked = lock(actor, request, "revoke")
        move(locked, "revoke")
        approved = locked.decisions.filter(kind=Decision.Kind.APPROVED).first()
        manifest = approved.manifest_sha256 if approved else ""
        _decide(actor, locked, Decision.Kind.REVOKED, manifest, why)
        event = ApprovalRevoked(manifest=manifest)
        append(actor=actor.id, subject=subject_of(locked), event=event, statement=why)
        drop_standing([subject_of(locked), *(f"run:{run.pk}" for run in locked.runs.all())])
    return locked
