"""Protect works in bulk: an operator's act. Doing it twice changes nothing."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.actors import SYSTEM
from accounts.errors import RefusedError
from provenance.attribution.parties import party_named
from provenance.intake.decoding import PictureRefusedError, decode
from provenance.intake.reading import read_file, side_by_side
from provenance.intake.services import keep, limits
from provenance.management.progress import told
from provenance.models import Image, Level, Party
from provenance.screening.protecting import Portrayed, protect
from provenance.screening.tables import ToProtect, to_protect

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from provenance.intake.decoding import Decoded

LEVELS = {level.name.lower(): level for level in Level}


class Command(BaseCommand):
    help = (
        "Protect the works that a folder or a CSV (columns path, title, creator, reference) shows, "
        "or those that tools/fingerprint.py made the fingerprints of (a file of JSON lines)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="A picture, a folder, a CSV file, or JSON lines.")
        parser.add_argument("--holder", required=True, help="Who holds the rights.")
        parser.add_argument("--creator", help="Who made the works; a table may say it a row.")
        parser.add_argument("--evidence", choices=LEVELS, default="self_declared", metavar="LEVEL")
        parser.add_argument("--reference-column", default="", metavar="C")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            wanted = to_protect(Path(options["source"]), options["reference_column"])
            pictures = self._take_in(wanted)
            added, there = self._protect(pictures, options)
        except RefusedError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{added} protected, {there} were protected before.")

    def _take_in(self, wanted: list[ToProtect]) -> list[tuple[ToProtect, Image | None]]:
        here = [one for one in wanted if one.look is None]
        read = told(side_by_side(_read, here), "reading", len(here))
        kept = {one: keep(*taken) for one, taken in zip(here, read, strict=True)}
        return [(one, kept.get(one)) for one in wanted]

    @transaction.atomic
    def _protect(
        self, pictures: list[tuple[ToProtect, Image | None]], options: dict[str, Any]
    ) -> tuple[int, int]:
        """One batch for each list of creators, all of them or none."""
        level = LEVELS[options["evidence"]]
        fallback = (options["creator"],) if options["creator"] else ()
        batches: dict[tuple[str, ...], list[Portrayed]] = defaultdict(list)
        for one, image in pictures:
            portrayed = Portrayed(image, one.title, one.reference, one.look)
            batches[one.creators or fallback].append(portrayed)
        added = there = 0
        for names, batch in batches.items():
            creators = [_party(name, Party.Kind.PERSON, level) for name in names]
            kind = Party.Kind.PERSON if options["holder"] in names else Party.Kind.ORGANISATION
            done = protect(
                actor=SYSTEM,
                holder=_party(options["holder"], kind, level),
                creators=creators,
                pictures=batch,
                level=level,
            )
            added += len(done.added)
            there += len(done.raised) + len(done.unchanged)
        return added, there


def _party(name: str, kind: Party.Kind, level: Level) -> Party:
    return party_named(actor=SYSTEM, name=name, kind=kind, level=level)


def _read(one: ToProtect) -> tuple[bytes, Decoded]:
    data = read_file(one.path, str(one.path))
    try:
        return data, decode(data, limits())
    except PictureRefusedError as error:
        raise CommandError(f"{one.path}: {error.sentence} Nothing was protected.") from error
