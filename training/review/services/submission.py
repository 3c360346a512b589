"""Submit a request: decide about the set with its use, freeze both, write the manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from accounts.errors import RefusedError
from ledger.services import append
from provenance.clearance.rules import Outcome, Severity
from training.datasets.rules import digest
from training.datasets.selectors import manifest_for
from training.events import RequestSubmitted
from training.models import Manifest, Request
from training.review.selectors import subject_of
from training.review.services.locking import evaluate, freeze, lock, move, require

if TYPE_CHECKING:
    from accounts.actors import Actor
    from provenance.models import Evaluation


class BlockedError(RefusedError):
    """The set may not be submitted; `errors` are the findings that block it."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(
            "set_blocked",
            f"This set is blocked for this use, for {len(errors)} "
            f"reason{'' if len(errors) == 1 else 's'}. Nothing was lost.",
            "Each finding says what to do; then submit again.",
        )
        self.errors = errors


def submit(*, actor: Actor, request: Request) -> Request:
    """Hand the request to the reviewers, unless something blocks its set. Slow, as `evaluate` is.

    Raises BlockedError with the findings; what is flagged may be submitted.
    """
    require(actor, request, "submit")
    evaluation = evaluate(request)
    if evaluation.outcome == Outcome.BLOCKED:
        raise BlockedError([f for f in evaluation.findings if f["severity"] == Severity.BLOCK])
    with transaction.atomic():
        locked = lock(actor, request, "submit")
        freeze(actor, locked)
        _require_unchanged(request, locked, evaluation)
        manifest = store_manifest(locked, evaluation)
        move(locked, "submit")
        Request.objects.filter(pk=locked.pk).update(submitted_at=timezone.now())
        event = RequestSubmitted(manifest=manifest.sha256, outcome=evaluation.outcome)
        append(actor=actor.id, subject=subject_of(locked), event=event)
    locked.refresh_from_db()
    return locked


def _require_unchanged(seen: Request, locked: Request, evaluation: Evaluation) -> None:
    """The decision was made outside the transaction: what it is about must still be the same."""
    items = {str(pk) for pk in locked.image_set.items.values_list("pk", flat=True)}
    fields = (
        "model_name",
        "token",
        "instance_prompt",
        "class_prompt",
        "sample_prompts",
        "captions",
        "base_id",
    )
    same = all(getattr(seen, name) == getattr(locked, name) for name in fields)
    if items != set(evaluation.pictures) or not same:
        raise RefusedError(
            "set_changed", "The set or its use changed while it was checked.", "Submit it again."
        )


def store_manifest(request: Request, evaluation: Evaluation) -> Manifest:
    """The canonical bytes of the request as `evaluation` decided about it, kept by digest."""
    body = manifest_for(request, evaluation).to_bytes()
    manifest, _ = Manifest.objects.get_or_create(
        sha256=digest(body), defaults={"request": request, "body": body.decode()}
    )
    return manifest
