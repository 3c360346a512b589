"""`manage.py import_model FOLDER`: bring in a model that was trained elsewhere, quarantined."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import SYSTEM
from accounts.errors import RefusedError
from accounts.models import User
from registry.imports.services import import_model

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = (
        "Bring in a diffusers folder as unverified. It is quarantined until its provenance is "
        "recorded and a reviewer accepts the record; it is never called audited. Only safetensors."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--owner", required=True, help="the user whose import it is")
        parser.add_argument("--name", required=True)
        parser.add_argument("--origin", required=True, help="where the files were got from")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = User.objects.filter(username=options["owner"]).first()
        if owner is None:
            raise CommandError(f"There is no user {options['owner']!r}.")
        given = {key: options[key] for key in ("folder", "name", "origin")}
        try:
            imported = import_model(actor=SYSTEM, owner=owner, **given)
        except RefusedError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"Imported {imported} ({imported.pk}), quarantined: {len(imported.files)} files, "
            f"sha256 {imported.sha256}. Record its provenance at /catalogue/imports/{imported.pk}/."
        )
