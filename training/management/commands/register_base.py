"""`manage.py register_base FOLDER|HUB-ID`: let requests name this base model."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import SYSTEM
from accounts.errors import RefusedError
from training.bases.services import fetch_base, register_base
from training.bases.statements import TEMPLATES, Statement
from training.models import Base

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Register a diffusers Stable Diffusion folder, or a hub id, as a base model."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="FOLDER|HUB-ID")
        parser.add_argument("--name", help="default: the folder's name, or the hub id")
        parser.add_argument(
            "--statement", choices=TEMPLATES, help="what is publicly known of such a base"
        )
        parser.add_argument("--licence", help="SPDX id, such as CC0-1.0")
        parser.add_argument("--cleared", choices=Base.Cleared.values)
        parser.add_argument("--provenance", help="what it was trained on")
        parser.add_argument("--restrictions", help="rules of use that its licence passes on")
        parser.add_argument("--intended-use", help="what it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        source = options["source"]
        try:
            folder = fetch_base(source)
            base = register_base(
                actor=SYSTEM,
                folder=folder,
                name=options["name"] or _name(source, folder),
                statement=_statement(options),
            )
        except RefusedError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Registered {base.name}: {base.cleared}, sha256 {base.sha256}")


def _statement(options: dict[str, Any]) -> Statement:
    """The template, or nothing, with what was said in its place."""
    known = TEMPLATES.get(options["statement"], Statement("", "unknown", "", intended_use=""))
    names = [field.name for field in fields(Statement)]
    return replace(known, **{name: options[name] for name in names if options[name] is not None})


def _name(source: str, folder: Path) -> str:
    """A hub id is a name already; a folder is called as it is."""
    return folder.resolve().name if Path(source).is_dir() else source
