"""Erase the words by and about a party that stand beside the ledger, on its request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import SYSTEM
from provenance.attribution.erasing import erase_party
from provenance.models import Party

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = (
        "Erase the words by and about a party that stand beside the ledger; entries and proofs "
        "stay. There is no way back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("party", metavar="PARTY_ID|NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        party = _party(options["party"])
        count = erase_party(actor=SYSTEM, party=party)
        self.stdout.write(f"Erased {count} statements by or about party {party.pk}.")


def _party(given: str) -> Party:
    try:
        found = list(Party.objects.filter(pk=UUID(given)))
    except ValueError:
        found = list(Party.objects.filter(name=given).order_by("registered_at"))
    if not found:
        raise CommandError(f"No party has the id or the name {given!r}.")
    if len(found) > 1:
        ids = ", ".join(str(party.pk) for party in found)
        raise CommandError(f"Several parties are called {given!r}. Give the id of one: {ids}.")
    return found[0]
