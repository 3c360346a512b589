"""What doorbells ring for: follow the ledger, tell those concerned."""

from __future__ import annotations

from celery import shared_task

from registry.recall import services


@shared_task(name="registry.recall.tasks.follow")
def follow(*_: str) -> None:
    """Handle what the ledger tells since the last time; then look for what was forgotten."""
    services.follow()
    services.recheck_ended()
    services.ring_untold()


@shared_task(name="registry.recall.tasks.notify")
def notify(revision_id: str) -> None:
    """Have everybody told who is concerned by a revision's end."""
    services.notify(revision_id)


@shared_task(name="registry.recall.tasks.tell")
def tell(download_id: str) -> None:
    """Tell one person who downloaded."""
    services.tell(download_id)
