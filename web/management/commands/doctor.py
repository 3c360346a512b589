"""Check that everything this installation needs is there."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from web.health import problems


class Command(BaseCommand):
    help = "Check database, broker, storage and index; say what is wrong and exit 1."

    def handle(self, *args: Any, **options: Any) -> None:
        found = problems()
        for part, problem in found.items():
            self.stdout.write(f"{part}: {problem or 'well'}")
        if any(found.values()):
            raise CommandError("Something is missing: see above.")
