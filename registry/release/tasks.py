"""What doorbells ring for: build a trained run's revision, audit a draft again, sweep."""

from __future__ import annotations

from celery import shared_task

from registry.models import Revision
from registry.release import building


@shared_task(name="registry.release.tasks.build")
def build(run_id: str) -> None:
    """Build what is not built yet. Doubled and late messages find nothing to do."""
    building.build(run_id)


@shared_task(name="registry.release.tasks.audit")
def audit(revision_id: str) -> None:
    """Audit a draft again, and seal it if it passes now."""
    draft = Revision.objects.filter(pk=revision_id, state=Revision.State.DRAFT).first()
    if draft is not None:
        building.build(draft.run_id, audit_anew=True)


@shared_task(name="registry.release.tasks.sweep")
def sweep(*_: str) -> None:
    """Find what was left by a worker that was killed."""
    building.sweep()
