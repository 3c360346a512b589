"""`manage.py merge_parties`: two records are one party; keep the one, move the other into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import SYSTEM
from accounts.errors import RefusedError
from provenance.attribution.merging import merge_parties, undo_merge
from provenance.models import Party, PartyMerge

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Merge the party MERGED into KEEP (ids); with --undo, the merge of that id goes back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("keep", nargs="?", type=UUID)
        parser.add_argument("merged", nargs="?", type=UUID)
        parser.add_argument("--reason", required=True, help="How you know.")
        parser.add_argument("--undo", type=UUID, metavar="MERGE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(str(self._merge(**options).pk))
        except (RefusedError, Party.DoesNotExist, PartyMerge.DoesNotExist) as error:
            raise CommandError(str(error)) from error

    def _merge(self, **options: Any) -> PartyMerge:
        if options["undo"]:
            merge = PartyMerge.objects.get(pk=options["undo"])
            return undo_merge(actor=SYSTEM, merge=merge, reason=options["reason"])
        keep, merged = (Party.objects.get(pk=options[name]) for name in ("keep", "merged"))
        return merge_parties(actor=SYSTEM, keep=keep, merged=merged, reason=options["reason"])
