"""A whole revision as one zip, streamed: for people who download with a browser.

The receipt lies beside the release's folder, so that the folder stays exactly what was signed.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from registry.cards.selectors import after_end_of, signer
from registry.release.package import release_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.models import Revision

CHUNK = 1024 * 1024
EPOCH = (1980, 1, 1, 0, 0, 0)


class _Pipe(io.RawIOBase):
    """What the zip writer writes into, and the view takes out; it cannot seek."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


def stream(revision: Revision, *, taker: str) -> Iterator[bytes]:
    """The zip's bytes, in constant memory. `taker` is an opaque id for the receipt."""
    pipe, top = _Pipe(), revision.model.name
    folder = release_folder(revision.commit)
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:  # weights do not compress
        archive.writestr(_entry("receipt.txt"), receipt(revision, taker=taker))
        for file in revision.files.all():
            entry = _entry(f"{top}/{file.path}")
            entry.file_size = file.size
            with (folder / file.path).open("rb") as source, archive.open(entry, "w") as target:
                while piece := source.read(CHUNK):
                    target.write(piece)
                    yield pipe.take()
            yield pipe.take()
    yield pipe.take()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.external_attr = 0o644 << 16
    return entry


def receipt(revision: Revision, *, taker: str) -> str:
    """What was downloaded, by whom, when, under which terms, and how to check it."""
    model = str(revision.model)
    lines = [
        f"Receipt of {settings.SITE_NAME}, {settings.SITE_URL}",
        "",
        f"Model: {model}",
        f"Revision: {revision.commit}",
        f"Licence: {revision.licence}; see README.md for its conditions and credits",
        f"Downloaded by: {taker}",
        f"At: {timezone.now().isoformat(timespec='seconds').replace('+00:00', 'Z')}",
        f"Signed by key: {signer()}",
        "",
        "Check it:",
        f"  curl -O {settings.SITE_URL}/verify_release.py",
        f"  python verify_release.py {revision.model.name} --key {signer()}",
        f"The key, as this registry shows it: {settings.SITE_URL}/release_key.txt",
        f"Whether it has been withdrawn since: {settings.SITE_URL}/{model}",
    ]
    if after_end := after_end_of(revision):
        lines += ["", after_end]
    if revision.terms:
        lines += ["", "The terms that were accepted:", "", revision.terms]
    return "\n".join(lines) + "\n"
