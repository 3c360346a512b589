"""Record how this site reads a licence from now on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import SYSTEM
from accounts.errors import RefusedError
from provenance.consent.services import read_licence
from provenance.models import Licence

if TYPE_CHECKING:
    from argparse import ArgumentParser

FLAGS = ("commercial", "derivatives", "attribution", "share_alike")
SAID = {"yes": True, "no": False}


class Command(BaseCommand):
    help = "Read a licence anew. An operator's act; decisions that rest on it are made again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="Its SPDX id.")
        parser.add_argument("--training", choices=Licence.Speaks.values)
        for name in FLAGS:
            parser.add_argument(f"--{name.replace('_', '-')}", choices=SAID)
        parser.add_argument("--note", help="What is uncertain about it.")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        changes: dict[str, Any] = {n: SAID[options[n]] for n in FLAGS if options[n]}
        changes |= {n: options[n] for n in ("training", "note") if options[n] is not None}
        try:
            licence = read_licence(
                actor=SYSTEM, code=options["code"], changes=changes, reason=options["reason"]
            )
        except RefusedError as error:
            raise CommandError(str(error)) from error
        told = licence.get_training_display()
        self.stdout.write(f"{licence} (reading {licence.reading}): of training, it {told}.")
