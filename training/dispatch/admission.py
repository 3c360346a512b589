"""May this run go on? The decision is asked again when its standing no longer holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.errors import RefusedError
from provenance.clearance import rules as clearance
from provenance.clearance.services import evaluate_set, open_findings, stands
from training.models import Request
from training.review.selectors import use_of

if TYPE_CHECKING:
    from training.models import Run


def why_not(run: Run) -> str:
    """Decide anew about the run's set and use; "" where it may go on, else a sentence.

    The answer becomes the run's standing, so that the next look finds it. Taking an approval back
    is no matter of rights: the request's own state is read first.
    """
    request = Request.objects.select_related("image_set", "applicant", "base").get(
        pk=run.request_id
    )
    if request.state != Request.State.APPROVED:
        return "The approval of its request was taken back."
    try:
        evaluation = evaluate_set(
            image_set=request.image_set,
            use=use_of(request),
            subject=f"run:{run.pk}",
            base=clearance.BaseFact(request.base_id, request.base.cleared),
        )
    except RefusedError as refusal:
        return str(refusal)
    if stands(evaluation):
        return ""
    left = open_findings(evaluation)
    first = f" {left[0]['explanation']}" if left else ""
    return f"Its pictures are no longer cleared for this use.{first}"
