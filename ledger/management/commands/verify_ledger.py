"""Checks the whole ledger: exit 0 and a sentence, or 1 and the first bad entry."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ledger import signing
from ledger.verification import Kept, TamperedError, Verified, verify_ledger

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Re-computes every digest, chain, tree node and signature of the ledger."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Answer as one JSON object.")
        parser.add_argument(
            "--key",
            action="append",
            default=[],
            help="A public key (hex) that signed tree heads, beside this site's; repeatable.",
        )
        parser.add_argument(
            "--tree-head",
            action="append",
            default=[],
            help="A JSON file with a tree head kept elsewhere (size, root); repeatable.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        keys, kept = _keys(options["key"]), [_kept(path) for path in options["tree_head"]]
        try:
            found = verify_ledger(keys, kept)
        except TamperedError as error:
            sentence = f"Entry {error.entry}: {error}" if error.entry else f"The ledger: {error}"
            if options["json"]:
                body = {"verified": False, "entry": error.entry, "problem": str(error)}
                self.stdout.write(json.dumps(body))
            raise CommandError(sentence, returncode=1) from error
        if options["json"]:
            self.stdout.write(json.dumps({"verified": True, **asdict(found)}))
        else:
            self.stdout.write(_sentence(found))


def _keys(more: list[str]) -> set[str]:
    """The keys given and this site's own; none is made here, as it could have signed nothing."""
    own = settings.KEYS_DIR / "ledger.key"
    mine = {signing.public_hex(signing.load_or_create_key(own))} if own.exists() else set()
    return mine | set(more)


def _kept(path: str) -> Kept:
    try:
        body = json.loads(Path(path).read_text())
        return Kept(int(body["size"]), str(body["root"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(
            f"{path} is not a tree head ({error!r}). Save one from /tree-heads/ and give "
            "that file.",
            returncode=2,
        ) from error


def _sentence(found: Verified) -> str:
    if not found.entries:
        return "The ledger is empty: there is nothing that could have been changed."
    return (
        f"The ledger is whole: {found.entries} entries on {found.subjects} subjects, "
        f"{found.leaves} of them numbered under {found.tree_heads} signed tree heads, "
        f"root {found.root}."
    )
