"""Exchange PDQ lists with other systems: write a bank as CSV or JSON, or put a list onto one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import SYSTEM
from accounts.errors import RefusedError
from provenance.models import MatchBank
from provenance.screening.exchange import ExchangeError, read_list, to_csv, to_json
from provenance.screening.exchanging import listed_in, take_list

if TYPE_CHECKING:
    from argparse import ArgumentParser

WRITERS = {"csv": to_csv, "json": to_json}


class Command(BaseCommand):
    help = "Write a bank's PDQ codes to standard output, or put those of a file onto a bank."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["export", "import"])
        parser.add_argument("file", nargs="?", help="The list to import; - for standard input.")
        parser.add_argument("--bank", choices=MatchBank.Kind.values, default="watch")
        parser.add_argument("--format", choices=WRITERS, default="csv")
        parser.add_argument("--reason", default="", help="Why this list is put here (import).")

    def handle(self, *args: Any, **options: Any) -> None:
        kind = MatchBank.Kind(options["bank"])
        if options["act"] == "export":
            self.stdout.write(WRITERS[options["format"]](listed_in(kind)), ending="")
            return
        try:
            added, known = take_list(
                actor=SYSTEM,
                bank=MatchBank.of_kind(kind),
                entries=read_list(_text(options["file"])),
                reason=options["reason"],
            )
        except (ExchangeError, RefusedError) as error:
            raise CommandError(f"{error} Nothing was added.") from error
        self.stdout.write(f"{added} added, {known} were there before.")


def _text(name: str | None) -> str:
    if name is None:
        raise CommandError("Name the file to import, or - for standard input.", returncode=2)
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{name} cannot be read as text: {error}.", returncode=2) from error
