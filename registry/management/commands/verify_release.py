"""`verify_release DIR`: the offline check, with this registry's own release key pinned."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand

from registry.cards.selectors import signer
from registry.downloads.ledgers import revocations
from tools.verify_release import CannotCheckError, read_keys, verify

if TYPE_CHECKING:
    from argparse import ArgumentParser

CANNOT_CHECK = 2


class Command(BaseCommand):
    help = (
        "Check a downloaded release: nothing changed, missing or added, and signed here. Exit "
        "status: 0 verified; 1 changed, or signed by another key; 2 cannot check; 3 intact, but "
        "no key is pinned, as this installation has none of its own yet."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")
        parser.add_argument("--key", default="", help="more keys to trust: one, or a file of them")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pinned = _own_keys() | (read_keys(options["key"]) if options["key"] else frozenset())
            answer = json.dumps(revocations()).encode() if _served_from_here() else None
            report = verify(options["directory"], pinned, answer)
        except CannotCheckError as error:
            self.stderr.write(f"CANNOT CHECK: {error}")
            sys.exit(CANNOT_CHECK)
        self.stdout.write("\n".join(report.lines))
        sys.exit(report.code)


def _served_from_here() -> bool:
    """Whether this installation signs releases, and so knows what became of them."""
    return bool((settings.KEYS_DIR / "release.key").exists())


def _own_keys() -> frozenset[str]:
    """The key of this installation, where it has one, and those in `release_keys` beside it."""
    keys: frozenset[str] = frozenset()
    if (settings.KEYS_DIR / "release.key").exists():
        keys |= {signer()}
    listed = settings.KEYS_DIR / "release_keys"
    return keys | read_keys(str(listed)) if listed.exists() else keys
