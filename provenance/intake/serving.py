"""Stored pictures as answers to browsers: private, and never opened as anything but a picture."""

from __future__ import annotations

from typing import Final, Literal

from django.http import FileResponse

from provenance.intake import storage

Shown = Literal["thumbnail", "normalised"]
MEDIA_TYPES: Final[dict[Shown, str]] = {"thumbnail": "image/jpeg", "normalised": "image/png"}
"""The bytes as received are never shown."""


def shown(kind: Shown, normalised_sha256: str) -> FileResponse:
    """The stored picture of this kind; the caller has checked who asks."""
    path = storage.path_of(kind, normalised_sha256)
    answer = FileResponse(path.open("rb"), content_type=MEDIA_TYPES[kind])
    answer["Cache-Control"] = "private, max-age=3600"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
