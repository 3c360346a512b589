"""Compare pictures with the banks; one JSON line a picture, nothing of them is kept."""

from __future__ import annotations

import json
import os
import signal
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from threading import Event
from typing import IO, TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from accounts.errors import InvalidError
from provenance.intake.reading import files_in
from provenance.management.progress import told
from provenance.screening.bulk import results, screened
from provenance.screening.exact import IndexBroken

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator


class Command(BaseCommand):
    help = (
        "Compare pictures with the protected works, with all cores. Folders are gone through, "
        "sorted. With --out a run that was stopped goes on where it was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="+", help="A picture, or a folder of pictures.")
        parser.add_argument("--format", choices=["jsonl"], default="jsonl")
        parser.add_argument(
            "--out",
            type=Path,
            metavar="FILE",
            help="Add the lines to this file, and leave out pictures that it answers already: "
            "those that have not changed, compared with the banks as they are now.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        out = options["out"]
        names = [name for path in options["path"] for name in _named(path, out)]
        more = "The same command goes on there." if out else "With --out it could go on."
        try:
            with ExitStack() as stack:
                file, done = stack.enter_context(results(out)) if out else (None, set())
                left = [name for name in names if name not in done]
                if done:
                    before = len(names) - len(left)
                    self.stderr.write(f"{before} of {len(names)} were answered before.")
                answered = self._answer(left, file)
        except InvalidError as refusal:
            raise CommandError(str(refusal), returncode=2) from None
        except BrokenProcessPool:
            raise CommandError(f"Something killed a process of this command. {more}") from None
        except IndexBroken as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"Stopped: {error.strerror or error}. {more}") from error
        if answered < len(left):
            message = f"Stopped with {len(left) - answered} of {len(names)} left. {more}"
            raise CommandError(message, returncode=130)

    def _answer(self, names: list[str], file: IO[bytes] | None) -> int:
        """How many of the names were answered until somebody asked to stop."""
        written = 0
        with _asked_to_stop() as stop, closing(screened(names)) as lines:
            for line in told(lines, "screening", len(names)):
                self._write(line, file)
                written += 1
                if stop.is_set():
                    break
        return written

    def _write(self, line: dict[str, Any], file: IO[bytes] | None) -> None:
        """What was answered outlives whatever ends the run."""
        if file is None:
            del line["seen"]
            self.stdout.write(json.dumps(line))
            self.stdout.flush()
        else:
            file.write(json.dumps(line).encode() + b"\n")
            file.flush()


@contextmanager
def _asked_to_stop() -> Iterator[Event]:
    """Set by Ctrl-C, so that it breaks nothing off in the middle; a second one ends all at once."""
    stop = Event()

    def ask(*_: object) -> None:
        if stop.is_set():
            os._exit(130)  # the processes end with their parent, and whole lines are on disk
        stop.set()

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _named(path: str, out: Path | None) -> list[str]:
    """Paths as they were given, so that whoever asked finds them again; not that of the results."""
    here = Path(path)
    if here.is_dir():
        ours = out.resolve() if out else None
        return [str(file) for file in files_in(here) if file.resolve() != ours]
    if not here.exists():
        raise CommandError(f"There is no file or folder {path!r}. Check the path.", returncode=2)
    return [path]
