import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

WARDEN = Path(__file__).parents[3] / "training" / "dispatch" / "warden.py"
GRANDCHILD = "import signal; print('ready', flush=True); signal.pause()"
STUCK = (
    "import signal, subprocess, sys\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    f"subprocess.run([sys.executable, '-c', {GRANDCHILD!r}])\n"
)
ORPHANER = (
    "import subprocess, sys\n"
    f"child = subprocess.Popen([sys.executable, '-c', {GRANDCHILD!r}])\n"
    "sys.exit(7)\n"
)
POLITE = (
    "import signal, sys\n"
    "signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))\n"
    "print('ready', flush=True)\n"
    "signal.pause()\n"
)


def start(code):
    return subprocess.Popen(
        [sys.executable, "-I", str(WARDEN), sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


def close(warden):
    warden.stdin.close()
    warden.stdout.close()


def ended(warden):
    """Whether everybody who holds the pipe is gone: its reading end then meets the end of file."""
    return warden.stdout.read() == b""


@pytest.mark.parametrize("code", [0, 2, 4])
def test_the_trainers_exit_code_is_passed_on(code):
    warden = start(f"raise SystemExit({code})")
    assert warden.wait(20) == code
    close(warden)


def test_a_trainer_killed_by_a_signal_is_told_as_shells_do():
    warden = start("import os; os.kill(os.getpid(), 9)")
    assert warden.wait(20) == 128 + 9
    close(warden)


def test_sigterm_reaches_the_trainer_and_its_answer_comes_back():
    warden = start(POLITE)
    assert warden.stdout.readline() == b"ready\n"
    warden.send_signal(signal.SIGTERM)
    assert warden.wait(20) == 3
    close(warden)


def test_a_grandchild_does_not_outlive_the_trainer():
    warden = start(ORPHANER)
    assert warden.wait(20) == 7
    assert warden.stdout.read() in (b"", b"ready\n")
    close(warden)


def test_a_stuck_trainer_and_its_child_die_when_stdin_ends():
    warden = start(STUCK)
    assert warden.stdout.readline() == b"ready\n"
    warden.send_signal(signal.SIGTERM)
    warden.stdin.close()
    assert warden.wait(20) == -signal.SIGKILL
    assert ended(warden)
    warden.stdout.close()


def test_killing_the_group_ends_all_of_them():
    warden = start(STUCK)
    assert warden.stdout.readline() == b"ready\n"
    os.killpg(warden.pid, signal.SIGKILL)
    assert warden.wait(20) == -signal.SIGKILL
    assert ended(warden)
    close(warden)


def test_a_worker_killed_outright_leaves_no_orphan():
    worker_code = (
        "import subprocess, sys, signal\n"
        f"subprocess.Popen([sys.executable, '-I', {str(WARDEN)!r}, sys.executable, '-c', "
        f"{STUCK!r}], stdin=subprocess.PIPE, start_new_session=True)\n"
        "signal.pause()\n"
    )
    worker = subprocess.Popen([sys.executable, "-c", worker_code], stdout=subprocess.PIPE)
    assert worker.stdout.readline() == b"ready\n"
    worker.kill()
    worker.wait(20)
    assert ended(worker)
    worker.stdout.close()
