"""Register a list of works and addresses that a party reserves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import Actor
from accounts.errors import RefusedError
from provenance.attribution.table import decode_table
from provenance.consent.lists import COLUMNS
from provenance.consent.services import import_reservations
from provenance.intake.reading import read_file
from provenance.models import Party, PartyMember

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from accounts.models import User


class Command(BaseCommand):
    help = (
        f"Register reservations from a CSV with some of the columns {', '.join(COLUMNS)}. What is "
        "registered already is left alone; where a line is bad, nothing is imported."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source")
        parser.add_argument("--party", required=True, help="Whose reservations they are: a name.")
        parser.add_argument("--by", help="The user who speaks for it; needed if several do.")

    def handle(self, *args: Any, **options: Any) -> None:
        party = Party.objects.filter(name=options["party"]).order_by("registered_at").first()
        if party is None:
            raise CommandError(f"No party is called {options['party']!r}.")
        speaker = _speaker(party, options["by"])
        path = Path(options["source"])
        try:
            text = decode_table(read_file(path, f"The list {path}"))
            made = import_reservations(actor=Actor.of(speaker), party=party, text=text)
        except RefusedError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{len(made)} new reservations of {party}.")


def _speaker(party: Party, name: str | None) -> User:
    members = PartyMember.objects.filter(party=party).select_related("user")
    if name:
        members = members.filter(user__username=name)
    if len(members) != 1:
        raise CommandError(
            f"{len(members)} users speak for {party}: name one with --by, or link one with "
            "link_party."
        )
    return members[0].user
