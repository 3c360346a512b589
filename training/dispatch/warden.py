"""`python -I warden.py CMD...`: run CMD so that nothing of it outlives whoever holds our stdin.

Leader of its own session; when stdin ends (its only writer was killed) or CMD exits, the whole
group is killed. SIGTERM is passed on to CMD; the exit code is CMD's. Imports nothing of ours.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress

PR_SET_PDEATHSIG = 1


def main(command: list[str]) -> None:
    """Start `command` in this process's new group, and end the group with it or with stdin."""
    if os.getpgrp() != os.getpid():
        os.setsid()
    # SIGTERM waits until there is somebody to pass it on to.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        preexec_fn=_accept_signals,  # noqa: PLW1509 - no other thread runs yet
    )
    signal.signal(signal.SIGTERM, lambda *_: child.send_signal(signal.SIGTERM))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    threading.Thread(target=_watch_stdin, daemon=True).start()
    code = child.wait()
    _kill_others()
    os._exit(code if code >= 0 else 128 - code)


def _accept_signals() -> None:
    # The trainer dies with us, should we be killed alone; what it started, whoever reads its
    # output kills by its group.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def _watch_stdin() -> None:
    while os.read(0, 4096):
        pass
    os.killpg(0, signal.SIGKILL)


def _kill_others() -> None:
    """Kill the group but this process, which still has an exit code to pass on.

    Repeated until nobody is found, as a process may fork while it is being looked for.
    """
    group = os.getpgrp()
    while others := [pid for pid in _processes() if pid != group and _group(pid) == group]:
        for pid in others:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _processes() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208


def _group(pid: int) -> int:
    """The process group of `pid`; 0 when it is gone, or dead and only waiting to be collected."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123 - pathlib doubles the start-up
            state, _parent, group = file.read().rsplit(b")", 1)[1].split()[:3]
    except OSError:
        return 0
    return 0 if state in b"ZX" else int(group)


if __name__ == "__main__":
    main(sys.argv[1:])
