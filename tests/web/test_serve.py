"""A data folder has one owner at a time, and none when that has ended."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError

from web.management.commands.serve import data_folder_to_ourselves, stop_other

ROOT = Path(__file__).parents[2]


def test_the_lock_names_its_owner_and_nobody_afterwards(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    lock = tmp_path / "serve.lock"
    with data_folder_to_ourselves():
        assert lock.read_text() == str(os.getpid())
        with (
            pytest.raises(CommandError, match=f"process {os.getpid()}"),
            data_folder_to_ourselves(),
        ):
            pass
    assert lock.read_text() == ""


HOLD = """
import fcntl, os, signal, sys
with open(sys.argv[1], "a+") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    lock.write(str(os.getpid()))
    lock.flush()
    print("held", flush=True)
    signal.pause()
"""


def test_what_runs_is_ended_and_waited_for(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    command = [sys.executable, "-c", HOLD, str(tmp_path / "serve.lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"held\n"
        assert stop_other()
        assert other.wait() == -signal.SIGTERM


def test_a_number_left_behind_by_a_killed_one_ends_nobody(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (tmp_path / "serve.lock").write_text(str(os.getpid()))
    assert not stop_other()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent")
def test_nothing_is_left_of_one_that_was_killed():
    child = "import signal; print('begun', flush=True); signal.pause()"
    part = f"Part('child', [sys.executable, '-c', {child!r}]).start()"
    script = f"import signal, sys; from web.management.commands.serve import Part; {part}"
    command = [sys.executable, "-c", f"{script}; signal.pause()"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as serving:
        assert serving.stdout.readline() == b"begun\n"
        serving.kill()
        assert serving.stdout.read() == b""  # comes when the last that could write has ended
