"""A data folder has one owner at a time, and none when that has ended."""

import os
import signal
import subprocess
import sys

import pytest
from django.core.management import CommandError

from web.management.commands.serve import data_folder_to_ourselves, stop_other


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
