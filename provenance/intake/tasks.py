"""What doorbells ring for: sets whose verdict must be given anew."""

from __future__ import annotations

from celery import shared_task

from provenance.intake import rechecking


@shared_task(name="provenance.intake.tasks.recheck")
def recheck(*_: str) -> None:
    """Decide anew about sets that something changed for."""
    rechecking.recheck()
