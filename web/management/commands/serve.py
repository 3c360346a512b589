"""Run web, worker and relay together, and end them together."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator
    from types import FrameType

GRACE = 8.0
"""Seconds that children get to end by themselves."""
PR_SET_PDEATHSIG = 1
RESTARTS = 5
"""A part that ends more often than this within a minute is broken, not unlucky."""


@dataclass
class Part:
    """One child: its command, its process, and when it was started."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)

    def start(self) -> None:
        # a session of its own: Ctrl-C reaches us alone, and we end the parts in order
        self.process = subprocess.Popen(
            self.command,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - we start no threads
        )
        self.starts = [at for at in self.starts if at > time.monotonic() - 60] + [time.monotonic()]

    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None


def _end_with_parent() -> None:
    """Where Linux is: also after a kill -9 of ours, which would leave a site that nobody stops."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def parts(port: int, workers: int) -> list[Part]:
    """Web server, one worker per queue, and the relay."""
    python = sys.executable
    celery = [python, "-m", "celery", "-A", "config.celery", "worker", "--concurrency", "1"]
    quiet = ["--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    gunicorn = [python, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
    return [
        Part("web", [*gunicorn, "--workers", str(workers), "--threads", "4", "--timeout", "120"]),
        Part("worker", [*celery, *quiet, "--queues", "default", "--hostname", "default@%h"]),
        Part("trainer", [*celery, *quiet, "--queues", "runs", "--hostname", "runs@%h"]),
        Part("relay", [python, "manage.py", "relay"]),
    ]


@contextmanager
def data_folder_to_ourselves() -> Iterator[None]:
    """Refuse to start beside another instance on the same data folder."""
    with (settings.DATA_DIR / "serve.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CommandError(
                f"Imprimatur already runs on {settings.DATA_DIR}{_owner(lock)}. Stop it with "
                "`make stop`, or choose another folder with IMPRIMATUR_DATA_DIR."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)  # not removed: whoever waits for it has this very file open


def stop_other() -> bool:
    """End what runs on this data folder and wait until it has; False where nothing runs.

    The lock says whether it runs: a killed one leaves its number, which may be another's now.
    """
    with (settings.DATA_DIR / "serve.lock").open("a+") as lock:
        lock.seek(0)
        number = lock.read().strip()
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if number:
                with suppress(ProcessLookupError):  # it ended of itself meanwhile
                    os.kill(int(number), signal.SIGTERM)
            fcntl.flock(lock, fcntl.LOCK_EX)
            return True
    return False


def _owner(lock: IO[str]) -> str:
    lock.seek(0)
    pid = lock.read().strip()
    return f" (process {pid})" if pid else ""


def require_free_port(port: int) -> None:
    """Refuse a port that somebody else listens on, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CommandError(
                    f"Port {port} is in use. Stop what listens there, or choose another one: "
                    "make serve PORT=8001"
                ) from error
            raise CommandError(f"Port {port} cannot be used: {error.strerror}.") from error


class Command(BaseCommand):
    help = "Run web, worker and relay together; SIGTERM or Ctrl-C ends them all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--web-workers", type=int, default=2)
        parser.add_argument("--stop", action="store_true", help="end what runs here instead")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["stop"]:
            self.stdout.write("Stopped." if stop_other() else "Nothing is running.")
            return
        require_free_port(options["port"])
        with data_folder_to_ourselves():
            self.running = parts(options["port"], options["web_workers"])
            self.ending = False
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._end)
            try:
                self._watch()
            finally:
                stop(self.running)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.ending = True

    def _watch(self) -> None:
        """Start what has ended, as after a kill -9; give up on what ends again and again."""
        while not self.ending:
            for part in self.running:
                if part.has_ended():
                    if len(part.starts) >= RESTARTS:
                        raise CommandError(f"The {part.name} keeps ending: see its output above.")
                    part.start()
            time.sleep(0.2)


def stop(running: list[Part]) -> None:
    """Ask every part to end, wait, and then insist on its whole session."""
    live = [part.process for part in running if part.process and part.process.poll() is None]
    for process in live:
        process.terminate()
    deadline = time.monotonic() + GRACE
    for process in live:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
