"""A reviewer clears flags: like ones together, or one by looking at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.errors import InvalidError
from ledger.services import append
from provenance.clearance.services import resolve
from provenance.models import Resolution
from training.events import FlagsResolved
from training.review.selectors import latest_evaluation, open_groups, subject_of
from training.review.services.locking import evaluate, lock, reason_of, require

if TYPE_CHECKING:
    from accounts.actors import Actor
    from provenance.models import Evaluation
    from training.models import Request


def resolve_flags(
    *, actor: Actor, request: Request, reason: str, group: str, subject: str = ""
) -> Evaluation:
    """Clear all open flags of `group`, or only the one about `subject`; returns the new verdict.

    Raises InvalidError where no such flag is open, as when somebody else was quicker.
    """
    require(actor, request, "resolve")
    why = reason_of(reason)
    findings = _chosen(request, group, subject)
    how = Resolution.How.LOOKED if subject else Resolution.How.GROUP
    with transaction.atomic():
        locked = lock(actor, request, "resolve")
        resolve(actor=actor, image_set=locked.image_set, findings=findings, how=how, reason=why)
        event = FlagsResolved(
            code=findings[0]["code"], group=group, how=str(how), count=len(findings)
        )
        append(actor=actor.id, subject=subject_of(locked), event=event, statement=why)
    return evaluate(locked)


def _chosen(request: Request, group: str, subject: str) -> list[dict[str, Any]]:
    evaluation = latest_evaluation(request)
    found = [
        finding
        for flags in (open_groups(evaluation) if evaluation else [])
        for finding in flags
        if finding["group"] == group and subject in ("", finding["subject"])
    ]
    if not found:
        raise InvalidError(
            "no_such_flag", "There is no such open flag any more.", "Load the page again."
        )
    return found
