"""Give a user a role, or take it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User

if TYPE_CHECKING:
    from argparse import ArgumentParser

ROLES = ("reviewer", "auditor", "operator")


class Command(BaseCommand):
    help = "Give USER a role: reviewer, auditor or operator. Everybody may apply anyway."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", metavar="USER")
        parser.add_argument("role", choices=ROLES)
        parser.add_argument("--revoke", action="store_true", help="take the role away")

    def handle(self, *args: Any, **options: Any) -> None:
        given = {f"is_{options['role']}": not options["revoke"]}
        if not User.objects.filter(username=options["user"]).update(**given):
            raise CommandError(f"No user is called {options['user']!r}: sign up first.")
        done = "is no longer" if options["revoke"] else "is now"
        self.stdout.write(f"{options['user']} {done} {options['role']}.")
