"""What a picture looks like, as it is compared: from records, or from what was just decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from accounts.errors import InvalidError
from provenance.models import Features
from provenance.screening.fingerprints import VERSION as CODES_VERSION
from provenance.screening.fingerprints import Fingerprint
from provenance.screening.local import VERSION as FEATURES_VERSION
from provenance.screening.local import Features as LocalFeatures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provenance.intake.decoding import Decoded, Marks
    from provenance.models import Image

VERSION: Final = f"{CODES_VERSION} {FEATURES_VERSION}"
"""Of all that a picture is compared by. Only rows of this version are read: a new one is computed
by new code while the old code answers from its own rows."""


@dataclass(frozen=True)
class Look:
    """One picture's codes and features; `features` is empty where only its PDQ is known."""

    pdq_dihedral: tuple[str, ...]
    """Of the picture and its turns and mirrorings; one alone where only its PDQ is known."""
    quality: int
    features: bytes = b""
    normalised_sha256: str = ""
    sha256: str = ""
    """Of the file as it came; either digest is empty where it is not known."""

    @property
    def pdq(self) -> str:
        return self.pdq_dihedral[0]


def look_of_decoded(decoded: Decoded) -> Look:
    """Of a picture that is not on record."""
    codes = decoded.fingerprint
    return Look(
        codes.pdq_dihedral, codes.quality, decoded.features, decoded.normalised_sha256,
        decoded.sha256,
    )  # fmt: skip


def look_of_marks(marks: Marks) -> Look:
    """Of a picture that was looked at in bulk."""
    codes = marks.fingerprint
    return Look(codes.pdq_dihedral, codes.quality, marks.features, sha256=marks.sha256)


def looks_of(images: Iterable[Image]) -> dict[Image, Look]:
    """Of pictures on record, those made by another route are left out."""
    rows = Features.objects.filter(image__in=(images := list(images)), version=VERSION)
    made = {row.image_id: row for row in rows}
    return {
        image: Look(tuple(row.codes), row.quality, bytes(row.data), image.normalised_sha256)
        for image in images
        if (row := made.get(image.pk))
    }


def look_of_mark(pdq: str, quality: int, features: bytes) -> Look:
    """Of a picture that stays with its holder, as they fingerprinted it. Raises InvalidError."""
    remedy = "Make it anew: on the page, or with tools/fingerprint.py of this version."
    try:
        Fingerprint.check_code(pdq)
        if features:
            LocalFeatures.from_bytes(features)
    except ValueError as error:
        raise InvalidError(
            "bad_fingerprint", f"This is no fingerprint: {error}.", remedy
        ) from error
    if not 0 <= quality <= 100:  # noqa: PLR2004 - the range of PDQ's quality
        raise InvalidError("bad_fingerprint", "A quality lies between 0 and 100.", remedy)
    return Look((pdq,), quality, features)
