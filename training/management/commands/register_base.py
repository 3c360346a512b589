"""`manage.py register_base FOLDER|HUB-ID`: let requests name this base model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import SYSTEM
from accounts.errors import RefusedError
from training.bases.services import fetch_base, register_base
from training.models import Base

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Register a diffusers Stable Diffusion folder, or a hub id, as a base model."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="FOLDER|HUB-ID")
        parser.add_argument("--name", help="default: the folder's name, or the hub id")
        parser.add_argument("--licence", required=True, help="SPDX id, such as CC0-1.0")
        parser.add_argument("--cleared", choices=Base.Cleared.values, default="unknown")
        parser.add_argument("--provenance", required=True, help="what it was trained on")

    def handle(self, *args: Any, **options: Any) -> None:
        source = options["source"]
        try:
            folder = fetch_base(source)
            base = register_base(
                actor=SYSTEM,
                folder=folder,
                name=options["name"] or _name(source, folder),
                licence=options["licence"],
                cleared=options["cleared"],
                provenance=options["provenance"],
            )
        except RefusedError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Registered {base.name}: {base.cleared}, sha256 {base.sha256}")


def _name(source: str, folder: Path) -> str:
    """A hub id is a name already; a folder is called as it is."""
    return folder.resolve().name if Path(source).is_dir() else source
