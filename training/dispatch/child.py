"""One phase of a run as a process under the warden: its lines, its end, and how to stop it.

Nothing of it outlives this process: the warden kills the group when our end of its pipe closes.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Sequence

WARDEN = Path(__file__).with_name("warden.py")
PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_",
    "TMPDIR",
    "TZ",
    "LD_",
    "CUDA_",
    "NVIDIA_",
    "OMP_",
    "PYTHON",
)
"""What the trainer sees of our environment, by prefix: no address, no password, no key of ours."""
LONGEST_LINE = 1_000_000


class Child:
    """A started command. Use as a context manager: leaving it kills whatever still runs."""

    def __init__(
        self, command: Sequence[str], log: Path, *, gpu: bool = False, keys: Path | None = None
    ) -> None:
        self._log = log
        with log.open("ab") as errors:  # after what earlier attempts said
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(WARDEN), *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=settings.BASE_DIR,
                env=_environment(keys or Path(settings.TRUSTED_KEYS), gpu=gpu),
                start_new_session=True,
            )
        self._lines: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._ended = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._process.wait()
        self._reader.join()  # until the last of the group has let go of its output

    def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - it was asked for above
        with self._process.stdout as lines:
            while line := lines.readline(LONGEST_LINE):
                self._lines.put(_parsed(line))
        self._lines.put(None)

    def next_line(self, timeout: float) -> dict[str, Any] | None:
        """The next line as an object; None when nothing came in `timeout` seconds or it ended."""
        try:
            line = self._lines.get(timeout=timeout)
        except queue.Empty:
            return None
        self._ended = line is None
        return line

    @property
    def orphaned(self) -> bool:
        """Whether the warden is gone and somebody of its group still writes."""
        return self._process.poll() is not None and self._reader.is_alive()

    @property
    def ended(self) -> bool:
        """Whether all of its output was read."""
        return self._ended

    def wait(self) -> int:
        """Its exit code, once its output has ended."""
        return self._process.wait()

    def stop(self) -> None:
        """Ask it to end between two steps."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it and everything it started, at once."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        if self._process.poll() is None or self.orphaned:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return  # it ended by itself in this very moment

    def last_words(self) -> str:
        """The last line that it wrote on stderr."""
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return lines[-1][:300] if lines else ""


def _environment(keys: Path, *, gpu: bool) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name.startswith(PASSED_ON)}
    if not gpu:  # a run that was given a processor must not find the card of another one
        kept["CUDA_VISIBLE_DEVICES"] = ""
    cache = str(settings.RUNS_DIR / "class_pictures")
    ours = {"IMPRIMATUR_TRUSTED_KEYS": str(keys.resolve()), "IMPRIMATUR_CLASS_CACHE": cache}
    return kept | ours | {"PYTHONUNBUFFERED": "1"}


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
