"""What doorbells ring for: requests whose decision must be made anew."""

from __future__ import annotations

from celery import shared_task

from training.review import rechecking


@shared_task(name="training.review.tasks.recheck")
def recheck(*_: str) -> None:
    """Decide anew about requests that something changed for."""
    rechecking.recheck()
