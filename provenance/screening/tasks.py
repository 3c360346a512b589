"""What doorbells ring for: pictures on record are searched for what was newly listed."""

from __future__ import annotations

from celery import shared_task

from provenance.screening import corpus, indexes


@shared_task(name="provenance.screening.tasks.search_back")
def search_back(*_: str) -> None:
    """Search, then merge the indexes' journals if they grew long."""
    if corpus.search_back():
        return
    for follower in (indexes.listed, indexes.compared):
        index = follower.exact()
        if index.due:
            index.compact()
