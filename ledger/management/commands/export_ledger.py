"""Writes the ledger as JSON lines, to be checked elsewhere with tools/verify_ledger.py."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ledger.exporting import lines

if TYPE_CHECKING:
    from argparse import ArgumentParser

NAME = "ledger.jsonl"


class Command(BaseCommand):
    help = (
        "Writes all entries, tree heads and public keys to a file, or to ledger.jsonl in a folder;"
        " `-` writes to standard output. Statements and salts stay here. Check the file elsewhere"
        " with tools/verify_ledger.py."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", metavar="DIR|FILE|-")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["target"] == "-":
            for line in lines(settings.SITE_URL):
                self.stdout.write(line, ending="")
            return
        target = Path(options["target"])
        target = target / NAME if target.is_dir() else target
        try:
            _write(target)
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error}.", returncode=2) from error
        self.stdout.write(f"Written: {target}")


def _write(target: Path) -> None:
    """The file appears whole, or not at all."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines(settings.SITE_URL))
        Path(name).chmod(0o644)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
