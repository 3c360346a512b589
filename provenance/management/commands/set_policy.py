"""Change what this site decides where the law or a licence leaves it open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import SYSTEM
from accounts.errors import RefusedError
from provenance.consent.policy import CHOICES, SHIPPED
from provenance.consent.services import set_policy
from provenance.models import Level

if TYPE_CHECKING:
    from argparse import ArgumentParser

LEVELS = {level.name.lower(): int(level) for level in Level}


class Command(BaseCommand):
    help = "Change the site's policy. An operator's act; every decision is then made again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, choices in CHOICES.items():
            parser.add_argument(f"--{name.replace('_', '-')}", choices=choices)
        parser.add_argument(
            "--evidence",
            nargs=3,
            action="append",
            default=[],
            metavar=("ACTION", "IDENTITY", "TITLE"),
            help=f"The least levels for an action: {', '.join(LEVELS)}.",
        )
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        changes = {name: options[name] for name in CHOICES if options[name]}
        try:
            if options["evidence"]:
                changes["evidence"] = {
                    action: [LEVELS[identity], LEVELS[title]]
                    for action, identity, title in options["evidence"]
                }
            record = set_policy(actor=SYSTEM, changes=changes, reason=options["reason"])
        except KeyError as error:
            raise CommandError(f"A level is one of: {', '.join(LEVELS)}.") from error
        except RefusedError as error:
            raise CommandError(str(error)) from error
        for name in SHIPPED:
            self.stdout.write(f"{name}: {record.body[name]}")
