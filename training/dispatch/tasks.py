"""What doorbells ring for: a run to look at, and the sweep that finds those nobody looked at."""

from __future__ import annotations

from celery import shared_task

from training.dispatch import keeping, rehearsing, runner, services


@shared_task(name="training.dispatch.tasks.execute")
def execute(run_id: str) -> None:
    """Train the run, if it still waits. Doubled and late messages find nothing to do."""
    runner.execute(run_id)


@shared_task(name="training.dispatch.tasks.execute_on_gpu")
def execute_on_gpu(run_id: str) -> None:
    """The same, in the queue that workers with a graphics card listen to."""
    runner.execute(run_id)


@shared_task(name="training.dispatch.tasks.rehearse")
def rehearse(rehearsal_id: str) -> None:
    """Try two steps of a training, if that still waits."""
    rehearsing.rehearse(rehearsal_id)


@shared_task(name="training.dispatch.tasks.rehearse_on_gpu")
def rehearse_on_gpu(rehearsal_id: str) -> None:
    """The same, on a worker with a graphics card."""
    rehearsing.rehearse(rehearsal_id)


@shared_task(name="training.dispatch.tasks.sweep")
def sweep(*_: str) -> None:
    """Re-queue runs whose worker was lost, and ring again for those that wait unheard."""
    services.sweep()
    keeping.halt_resting()
