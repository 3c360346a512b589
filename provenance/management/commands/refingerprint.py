"""Make fingerprints of the present version of pictures that have older ones; safe to repeat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from provenance.intake import storage
from provenance.intake.decoding import PictureRefusedError, decode
from provenance.intake.reading import side_by_side
from provenance.intake.services import keep, limits
from provenance.management.progress import told
from provenance.models import BankEntry, Image
from provenance.screening import indexes
from provenance.screening.fingerprints import VERSION
from provenance.screening.local import VERSION as FEATURES_VERSION
from provenance.screening.local import kept

if TYPE_CHECKING:
    from provenance.intake.decoding import Decoded


class Command(BaseCommand):
    help = "Make fingerprints of the present version where there are older ones."

    def handle(self, *args: Any, **options: Any) -> None:
        current = Image.objects.filter(
            fingerprint_version=VERSION, features__version=FEATURES_VERSION
        )
        left = list(Image.objects.exclude(pk__in=current.values("pk")).order_by("received_at"))
        read = told(side_by_side(_read, left), "fingerprinting", len(left))
        done = 0
        for image, taken in zip(left, read, strict=True):
            if taken is None:
                self.stderr.write(f"{image.sha256}: its file cannot be read. Left as it is.")
                continue
            data, decoded = taken
            keep(data, decoded)
            BankEntry.objects.filter(image=image).update(
                pdq=decoded.fingerprint.pdq,
                quality=decoded.fingerprint.quality,
                features=kept(decoded.features),
                features_version=FEATURES_VERSION,
            )
            done += 1
        if done:
            indexes.listed.forget()
            indexes.compared.forget()
        self.stdout.write(f"{done} fingerprinted, {len(left) - done} left.")


def _read(image: Image) -> tuple[bytes, Decoded] | None:
    try:
        data = storage.read("original", image.sha256)
        return data, decode(data, limits())
    except (OSError, PictureRefusedError):
        return None
