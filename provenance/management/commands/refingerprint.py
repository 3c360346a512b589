"""Make fingerprints of this version beside older ones, which stay in use; safe to repeat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Exists, OuterRef, Q

from provenance.intake import storage
from provenance.intake.decoding import PictureRefusedError, decode
from provenance.intake.reading import side_by_side
from provenance.intake.services import keep, limits
from provenance.management.progress import told
from provenance.models import BankEntry, Features, Image
from provenance.screening.banks import found_by
from provenance.screening.indexes import listed
from provenance.screening.local import VERSION as FEATURES_VERSION
from provenance.screening.looks import VERSION, Look, looks_of

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from django.db.models import QuerySet

    from provenance.intake.decoding import Decoded


class Command(BaseCommand):
    help = (
        "Make fingerprints of this version where there are older ones. Processes of the older "
        "version go on with theirs: run this, start the new ones, run it once more."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--without-files",
            action="store_true",
            help="Pictures whose files cannot be read go on by their codes alone.",
        )
        parser.add_argument(
            "--drop-others",
            action="store_true",
            help="Then delete fingerprints of other versions: no process uses them any more.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        made = Features.objects.filter(image=OuterRef("pk"), version=VERSION)
        entries, images = listed.rows.lacking(), Image.objects.filter(~Exists(made))
        pictured = entries.exclude(image=None).values("image")
        left = list(Image.objects.filter(Q(pk__in=images) | Q(pk__in=pictured)))
        read = told(side_by_side(_read, left), "fingerprinting", len(left))
        unread = 0
        for image, taken in zip(left, read, strict=True):
            if taken is not None:
                look = looks_of([keep(*taken)]).popitem()[1]
                _renew(entries.filter(image=image), look)
            else:
                self.stderr.write(f"{image.sha256}: its file cannot be read.")
                unread += 1
        if options["without_files"]:
            _by_codes(entries, images)
        else:
            _by_codes(entries.filter(image=None), images.none())
        self.stdout.write(f"{len(left) - unread} fingerprinted, {unread} left.")
        if unread and not options["without_files"]:
            raise CommandError("Bring their files back, or go on --without-files.")
        if options["drop_others"]:
            Features.objects.exclude(version=VERSION).delete()


def _read(image: Image) -> tuple[bytes, Decoded] | None:
    try:
        data = storage.read("original", image.sha256)
        return data, decode(data, limits())
    except (OSError, PictureRefusedError):
        return None


def _renew(entries: QuerySet[BankEntry], look: Look) -> None:
    for entry in entries:
        Features.objects.get_or_create(entry=entry, version=VERSION, defaults=found_by(look))
        BankEntry.objects.filter(pk=entry.pk).update(pdq=look.pdq, quality=look.quality)


def _by_codes(entries: QuerySet[BankEntry], images: QuerySet[Image]) -> None:
    """What is not here keeps its code, which is everybody's PDQ, and no features of another route.

    Their holder can list them anew.
    """
    lacking = Q(entry__in=entries) | Q(image__in=images)
    for key in list(Features.objects.filter(lacking).order_by("-pk").values_list("pk", flat=True)):
        old = Features.objects.get(pk=key)
        data = old.data if old.version.endswith(FEATURES_VERSION) else b""
        looks = {"codes": old.codes, "quality": old.quality, "data": data}
        Features.objects.get_or_create(
            entry=old.entry, image=old.image, version=VERSION, defaults=looks
        )
