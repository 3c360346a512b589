"""Screen many files with all cores; a file of results says what need not be asked again.

Each process has the banks and its own limited decoder: a file that brings that down is unreadable,
and nothing more.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, Final

import cv2
from django.db import connections

from accounts.errors import InvalidError
from ledger.signing import write_whole
from provenance.intake.decoding import PictureRefusedError, marks
from provenance.intake.reading import side_by_side
from provenance.intake.services import limits
from provenance.models import Bank
from provenance.screening import bank
from provenance.screening.looks import look_of_marks
from provenance.screening.services import RULE, Result, screen_look

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence
    from pathlib import Path

Line = dict[str, Any]
SHARE: Final = 8
"""Files for which one more process is worth its start."""
FIRST: Final = b'{"path": '
"""How each answer begins."""
PR_SET_PDEATHSIG: Final = 1


def screened(paths: Sequence[str]) -> Generator[Line]:
    """One answer for each path, in order. Raises IndexBroken where none can be made."""
    number = min(os.cpu_count() or 1, len(paths) // SHARE)
    banks = bank.current()  # before the processes start: they share what it holds in memory
    if number < 2:  # noqa: PLR2004 - processes that are worth it
        return (answer(path, banks) for path in paths)
    connections.close_all()  # nor may two processes speak over one connection
    fork = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(number, fork, initializer=_begin)
    return side_by_side(_answer, paths, pool)


def _begin() -> None:
    """In each process: Ctrl-C is its parent's to handle, and it ends when that does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    cv2.setNumThreads(1)


def _answer(path: str) -> Line:
    return answer(path, bank.current())


def answer(path: str, banks: bank.Banks) -> Line:
    """What the file at `path` shows; `seen` tells later whether that still holds."""
    seen = [*_state(path), banks.version, RULE]
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - a path as it was given
            look = look_of_marks(marks(file.read(limits().max_bytes + 1), limits()))
    except OSError:
        result = Result("unreadable", "")
        seen[:2] = None, None  # so that it is asked again: the file need not be to blame
    except PictureRefusedError:
        result = Result("unreadable", "")
    else:
        result = screen_look(look, banks)
    matches = [
        {
            "reference": found.entry.label,
            "work": found.work,
            "score": found.match.score,
            "method": found.match.method,
            "region": found.match.region,
        }
        for found in result.found
    ]
    return {"path": path, "outcome": result.outcome, "matches": matches, "seen": seen}


@contextmanager
def results(file: Path) -> Iterator[tuple[IO[bytes], set[str]]]:
    """The file to add answers to, for this run alone, and the paths that it answers already.

    Raises InvalidError where another run has it, or where it is no file of answers: whoever named
    a picture by mistake keeps it. Raises OSError where it cannot be written.
    """
    if file.exists() and not (file.is_file() and FIRST.startswith(_head(file))):
        raise InvalidError("no_results", f"{file} is no file of answers.", "Name another file.")
    with _alone(file):
        done = resumed(file)
        with _alone(file) as new:  # another file by the same name now
            yield new, done


@contextmanager
def _alone(file: Path) -> Iterator[IO[bytes]]:
    with file.open("ab") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InvalidError("in_use", f"Another run writes {file}.", "Wait for it.") from None
        yield opened


def _head(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(len(FIRST))


def resumed(file: Path) -> set[str]:
    """The paths whose answers in `file` still hold; all others are taken out of it.

    They hold while the file has its size and time, the banks their version, the rules theirs.
    """
    if not file.exists():
        return set()
    version = Bank.current().version
    lines = file.read_bytes().splitlines(keepends=True)
    good = {line: path for line in lines if (path := _holding(line, version))}
    write_whole(file, b"".join(good), durable=False)
    return set(good.values())


def _holding(line: bytes, version: int) -> str | None:
    try:
        body = json.loads(line)
        path, seen = str(body["path"]), list(body["seen"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None  # torn when the run was killed, or not ours
    whole = line.endswith(b"\n") and None not in seen and seen == [*_state(path), version, RULE]
    return path if whole else None


def _state(path: str) -> Iterable[int | None]:
    """Size in bytes and time of the last change in nanoseconds; a file that is gone has none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - a path as it was given
    except (OSError, ValueError):  # the latter of names that no file can have
        return (None, None)
    return (found.st_size, found.st_mtime_ns)
