"""Import a set of pictures from a table or a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import Actor
from accounts.errors import RefusedError
from accounts.models import User
from provenance.attribution.table import COLUMNS
from provenance.intake.importing import import_set, wanted_in
from provenance.management.progress import told

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = (
        f"Import a set. A CSV has the columns {', '.join(COLUMNS)}; only path is needed, and paths "
        "lie beside the table. Several creators or holders are separated by semicolons."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="A CSV file, or a folder of pictures.")
        parser.add_argument("--name", required=True, help="The set's name.")
        parser.add_argument("--owner", required=True, help="The user whose set it becomes.")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = User.objects.filter(username=options["owner"]).first()
        if owner is None:
            raise CommandError(f"No user is called {options['owner']!r}: sign up first.")
        try:
            wanted = wanted_in(Path(options["source"]))
            made = import_set(actor=Actor.of(owner), name=options["name"], wanted=wanted, told=told)
        except RefusedError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{made.pk}")
        self.stderr.write(f"{made.items.count()} pictures are in the set “{made}” of {owner}.")
