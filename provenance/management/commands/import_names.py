"""`manage.py import_names CSV`: protect the names of a list, such as artists who object."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import SYSTEM
from accounts.errors import RefusedError
from provenance.attribution.table import decode_table
from provenance.intake.reading import read_file
from provenance.models import Level
from provenance.naming.services import COLUMNS, import_names

if TYPE_CHECKING:
    from argparse import ArgumentParser

LEVELS = {level.name.lower().replace("_", "-"): level for level in Level}


class Command(BaseCommand):
    help = (
        f"Put the names of a CSV with the columns {', '.join(COLUMNS)} on record. Those that are "
        "there are left alone; where a line is bad, nothing is imported."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path)
        parser.add_argument(
            "--evidence", choices=LEVELS, default="self-declared",
            help="how well these names are known; below document-checked they flag only",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        path, level = options["source"], LEVELS[options["evidence"]]
        try:
            text = decode_table(read_file(path, f"The list {path}"))
            made = import_names(actor=SYSTEM, text=text, level=level)
        except RefusedError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{made} new names on record.")
