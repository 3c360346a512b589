"""A worker knows every task that the relay rings for."""

from __future__ import annotations

import subprocess
import sys

from django.conf import settings

ASKED = "from config.celery import app; app.loader.import_default_modules(); print(*app.tasks)"


def test_every_due_task_is_registered_in_a_process_of_its_own():
    done = subprocess.run(
        [sys.executable, "-c", ASKED],
        cwd=settings.BASE_DIR, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert set(settings.DUE_TASKS) - set(done.stdout.split()) == set()
