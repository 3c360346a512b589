"""`kill -9` of a worker in the middle of a training: nothing is lost, doubled or left running."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from training.datasets.services import run_folder

WORKER = Path(__file__).with_name("worker.py")
PATIENCE = 300


def database_url(tmp_path):
    """Where another process finds this test's database; SQLite's is in memory, so it is copied."""
    if connection.vendor != "sqlite":
        known = connection.settings_dict
        place = f"{known['HOST'] or 'localhost'}:{known['PORT'] or 5432}/{known['NAME']}"
        return f"postgres://{known['USER']}:{known['PASSWORD']}@{place}"
    connection.ensure_connection()
    with sqlite3.connect(tmp_path / "copy.sqlite3") as copy:
        connection.connection.backup(copy)
    copy.close()
    return f"sqlite:///{tmp_path / 'copy.sqlite3'}"


def start_worker(run, how, tmp_path, url):
    environment = os.environ | {"IMPRIMATUR_DATA_DIR": str(tmp_path), "DATABASE_URL": url}
    environment = {k: v for k, v in environment.items() if k != "IMPRIMATUR_TEST_DATABASE_URL"}
    argv = [sys.executable, str(WORKER), str(run.pk), how]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=environment)


def wait_until(true):
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.05)


def is_gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.mark.django_db(transaction=True)
def test_the_run_of_a_killed_worker_is_trained_by_the_next(run, tmp_path):
    url = database_url(tmp_path)
    started = run_folder(run) / "started"
    with start_worker(run, "forever", tmp_path, url) as first:
        wait_until(lambda: started.exists() and started.read_text())
        trainer = int(started.read_text())
        assert not is_gone(trainer)
        os.kill(first.pid, signal.SIGKILL)
    wait_until(lambda: is_gone(trainer))
    with start_worker(run, "train", tmp_path, url) as second:
        said, _ = second.communicate(timeout=PATIENCE)
    assert said.split() == ["trained", "2", "1"]
