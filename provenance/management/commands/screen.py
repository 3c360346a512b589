"""Compare pictures with the protected works; one JSON line a picture, nothing is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from provenance.intake.decoding import Decoded, PictureRefusedError, decode
from provenance.intake.reading import files_in, side_by_side
from provenance.intake.services import limits
from provenance.management.progress import told
from provenance.screening import bank
from provenance.screening.services import Result, screen_decoded

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Compare pictures with the protected works. Folders are gone through, sorted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="+", help="A picture, or a folder of pictures.")
        parser.add_argument("--format", choices=["jsonl"], default="jsonl")

    def handle(self, *args: Any, **options: Any) -> None:
        names = [name for path in options["path"] for name in _named(path)]
        decoded, banks = side_by_side(_decoded, names), bank.current()
        for name, picture in zip(names, told(decoded, "screening", len(names)), strict=True):
            result = screen_decoded(picture, banks) if picture else Result("unreadable", "")
            self.stdout.write(json.dumps(_line(name, result)))


def _named(path: str) -> list[str]:
    """Paths as they were given, so that whoever asked finds them again."""
    here = Path(path)
    if here.is_dir():
        return [str(file) for file in files_in(here)]
    if not here.exists():
        raise CommandError(f"There is no file or folder {path!r}. Check the path.", returncode=2)
    return [path]


def _decoded(name: str) -> Decoded | None:
    try:
        return decode(Path(name).read_bytes(), limits())
    except (OSError, PictureRefusedError):
        return None


def _line(name: str, result: Result) -> dict[str, Any]:
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
    return {"path": name, "outcome": result.outcome, "matches": matches}
