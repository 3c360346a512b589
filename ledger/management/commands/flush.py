"""Django's flush, which triggers on append-only tables would otherwise refuse."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.flush import Command as Flush
from django.db import connections

from ledger.triggers import lifted


class Command(Flush):
    help = Flush.help + " Lifts the triggers of append-only tables for its own transaction."

    def handle(self, **options: Any) -> None:
        with lifted(connections[options["database"]]):
            super().handle(**options)
