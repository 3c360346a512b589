"""Compare pictures with the banks; one JSON line a picture, nothing of them is kept."""

from __future__ import annotations

import json
import os
import signal
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from provenance.intake.reading import files_in
from provenance.management.progress import told
from provenance.screening.bulk import resumed, screened

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
        done = resumed(out) if out else set()
        left = [name for name in names if name not in done]
        if done:
            self.stderr.write(f"{len(names) - len(left)} of {len(names)} were answered before.")
        with ExitStack() as stack:
            stop = stack.enter_context(_asked_to_stop())
            file = stack.enter_context(out.open("a", encoding="utf-8")) if out else None
            lines = stack.enter_context(closing(screened(left)))
            for written, line in enumerate(told(lines, "screening", len(left)), start=1):
                _write(line, file or self.stdout, resumable=bool(file))
                if stop.is_set() and written < len(left):
                    more = (
                        "The same command goes on there." if out else "With --out it could go on."
                    )
                    message = f"Stopped with {len(left) - written} of {len(names)} left. {more}"
                    raise CommandError(message, returncode=130)


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


def _write(line: dict[str, Any], to: Any, *, resumable: bool) -> None:
    if not resumable:
        del line["seen"]
    to.write(json.dumps(line) + "\n")
    to.flush()  # what was answered outlives whatever ends the run


def _named(path: str, out: Path | None) -> list[str]:
    """Paths as they were given, so that whoever asked finds them again; not that of the results."""
    here = Path(path)
    if here.is_dir():
        ours = out.resolve() if out else None
        return [str(file) for file in files_in(here) if file.resolve() != ours]
    if not here.exists():
        raise CommandError(f"There is no file or folder {path!r}. Check the path.", returncode=2)
    return [path]
