"""Record that a user speaks for a party, and how well that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import SYSTEM
from accounts.models import User
from provenance.attribution.parties import find_party
from provenance.consent.services import confirm_member
from provenance.models import Level, Party

if TYPE_CHECKING:
    from argparse import ArgumentParser

LEVELS = {level.name.lower(): level for level in Level}


class Command(BaseCommand):
    help = "Record that USER speaks for PARTY. An operator's act, after checking who they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user")
        parser.add_argument("party")
        parser.add_argument("--level", choices=LEVELS, default="self_declared")
        parser.add_argument("--kind", choices=Party.Kind.values, help="Creates the party if new.")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError(f"No user is called {options['user']!r}: sign up first.")
        party = find_party(options["party"])
        level = LEVELS[options["level"]]
        if party is None and not options["kind"]:
            raise CommandError(f"No party is called {options['party']!r}: add --kind to create it.")
        if party is None:
            party = Party.objects.create(name=options["party"], kind=options["kind"], level=level)
        confirm_member(actor=SYSTEM, party=party, user=user, level=level)
        self.stdout.write(f"{user} speaks for {party} ({level.label}).")
