"""Run the project's own command lines, as an operator would at a terminal."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


def run(*argv: str, environ: dict[str, str] | None = None) -> Ran:
    """One command to its end, with this Python."""
    done = subprocess.run(
        [sys.executable, *argv], capture_output=True, text=True, check=False, env=environ
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def start(*argv: str) -> subprocess.Popen[str]:
    """A command in the background; its output is read at the end."""
    return subprocess.Popen(
        [sys.executable, *argv], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
