"""Which protected names does each line of the standard input contain? One JSON line a text."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from provenance.naming.rules import NameIndex, ProtectedName, check
from provenance.naming.selectors import index_of, protected_names

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator
    from typing import IO


class Command(BaseCommand):
    help = "Read texts, one a line, and say which protected names each contains, and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--protected", help="A file with a name a line; without it, the names on record."
        )
        parser.add_argument("--format", choices=["jsonl"], default="jsonl")

    def handle(self, *args: Any, **options: Any) -> None:
        names = _from_file(options["protected"]) if options["protected"] else protected_names()
        index = index_of(names)
        shown = {name.party_id: name.forms[0] for name in names}
        for text in _lines(sys.stdin):
            self.stdout.write(json.dumps(_answer(text, index, shown)))


def _answer(text: str, index: NameIndex, shown: dict[str, str]) -> dict[str, Any]:
    found = check(text, index, [])
    return {
        "text": text,
        "hits": list(dict.fromkeys(shown[hit.party_id] for hit in found.hits)),
        "unregistered": list(found.unregistered),
        "why": found.why,
        "alternatives": list(found.alternatives),
    }


def _lines(stream: IO[str]) -> Iterator[str]:
    """Split at line feeds alone: other separators of Unicode may be part of a text."""
    text = stream.read()
    lines = text.split("\n")
    yield from (line.removesuffix("\r") for line in (lines[:-1] if lines[-1] == "" else lines))


def _from_file(path: str) -> tuple[ProtectedName, ...]:
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(
            f"The file of names {path!r} cannot be read: {error}. Give a UTF-8 text.", returncode=2
        ) from error
    names = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    return tuple(
        ProtectedName(party_id=name, forms=(name,), proven=True, kind="person") for name in names
    )
