"""A worker in a process of its own, for tests that kill it: `worker.py RUN HOW`, on their database.

Takes runs from lost workers first, then executes the run, with the short trainer unless HOW is
"really", and prints its state, its fence and the number of its samples.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).parents[3]))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

from django.utils import timezone  # noqa: E402 - after the set-up that it needs

from training.dispatch import runner, services  # noqa: E402
from training.models import Run  # noqa: E402

FAKE = Path(__file__).with_name("fake_trainer.py")
run_id, how = sys.argv[1:]


def command_for(module: str, folder: Path) -> list[str]:
    phase = "class" if module == runner.CLASS_PICTURES else how
    return [sys.executable, str(FAKE), phase, str(folder / "job.json")]


if how != "really":
    runner.command_for = command_for
# the lease of a minute is over, as far as this process knows
long_ago = timezone.now() - timedelta(seconds=1)
Run.objects.filter(pk=run_id, state=Run.State.RUNNING).update(leased_until=long_ago)
services.sweep()
runner.execute(run_id)
run = Run.objects.get(pk=run_id)
print(run.state, run.fence, run.samples.count())  # noqa: T201 - the test reads it
