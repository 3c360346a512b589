"""Take the pictures out of a zip file, in memory, believing nothing that its directory claims."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from accounts.errors import InvalidError
from provenance.intake.services import add_picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.actors import Actor
    from provenance.models import ImageSet, SetImage

MAX_MEMBERS: Final = 2_000
MAX_TOTAL: Final = 2 * 1024**3
"""Bytes of all members together, once unpacked."""
MAX_RATIO: Final = 100
"""Unpacked to packed; pictures hardly shrink, bombs do."""
RATIO_FROM: Final = 1024 * 1024
"""Bytes below which a member's ratio is nobody's danger."""
UNREADABLE: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError),
)
"""What Python raises for members that are damaged, encrypted or packed in an unknown way."""
SKIPPED: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db")


Member = tuple[str, bytes, InvalidError | None]
"""Name, bytes, and what speaks against taking it."""


@dataclass(frozen=True)
class Taken:
    """What became of one file: an item, or the sentence of its refusal."""

    filename: str
    item: SetImage | None = None
    code: str = ""
    refusal: str = ""


def is_archive(data: bytes) -> bool:
    """A zip file by its first bytes, an empty one included."""
    return data[:4] in {b"PK\x03\x04", b"PK\x05\x06"}


def add_file(
    *,
    actor: Actor,
    image_set: ImageSet,
    data: bytes,
    filename: str,
    source_url: str = "",
    collector: str = "",
    max_picture: int,
) -> list[Taken]:
    """Add a picture, or every picture of a zip file, and tell of each what became of it."""
    custody = {"source_url": source_url, "collector": collector}
    single: list[Member] = [(filename, data, None)]
    members = members_of(data, max_picture) if is_archive(data) else single
    taken = [
        _take(actor, image_set, name, content, problem, custody)
        for name, content, problem in members
    ]
    if not taken:
        raise InvalidError("empty_archive", "There is no file in this archive.", "Add pictures.")
    return taken


def _take(
    actor: Actor,
    image_set: ImageSet,
    name: str,
    content: bytes,
    problem: InvalidError | None,
    custody: dict[str, str],
) -> Taken:
    if problem is not None:
        return Taken(name, code=problem.code, refusal=str(problem))
    try:
        item = add_picture(actor=actor, image_set=image_set, data=content, filename=name, **custody)
    except InvalidError as error:
        return Taken(name, code=error.code, refusal=str(error))
    return Taken(name, item=item)


def members_of(data: bytes, max_picture: int) -> Iterator[Member]:
    """Name, bytes and problem of each file, one at a time in memory.

    Raises InvalidError for an archive that cannot be a collection of pictures.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InvalidError(
            "bad_archive", "This archive is damaged.", "Pack it anew as a plain zip."
        ) from error
    files = [m for m in archive.infolist() if not m.is_dir() and not _is_litter(m.filename)]
    if len(files) > MAX_MEMBERS:
        raise InvalidError(
            "too_many_files",
            f"This archive has {len(files)} files; {MAX_MEMBERS} are taken at once.",
            "Split it into smaller archives.",
        )
    return _read_all(archive, files, max_picture)


def _read_all(
    archive: zipfile.ZipFile, files: list[zipfile.ZipInfo], max_picture: int
) -> Iterator[Member]:
    left = MAX_TOTAL
    for member in files:
        content, problem = b"", _objection(member)
        if problem is None:
            try:
                content = _read(archive, member, min(max_picture, left))
            except InvalidError as error:
                problem = error
        left -= len(content)
        yield member.filename, content, problem


def _objection(member: zipfile.ZipInfo) -> InvalidError | None:
    parts = member.filename.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0]:
        return InvalidError(
            "bad_path",
            "This file's name points out of the archive.",
            "Pack the pictures with plain names.",
        )
    if member.flag_bits & 1:
        return InvalidError("encrypted", "This file is locked with a password.", "Pack it without.")
    if member.file_size > max(RATIO_FROM, MAX_RATIO * member.compress_size):
        return InvalidError(
            "suspicious_ratio",
            f"This file unpacks to more than {MAX_RATIO} times its size, as no picture does.",
            "Pack the pictures themselves.",
        )
    return None


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    """At most `most` bytes, whatever the directory says; one more shows that there are more."""
    try:
        with archive.open(member) as file:
            content = file.read(most + 1)
    except UNREADABLE as error:
        raise InvalidError(
            "damaged", "This file cannot be unpacked.", "Pack it anew as a plain zip."
        ) from error
    if len(content) > most:
        raise InvalidError(
            "too_large",
            f"This file has more than {most:,} bytes, or the archive unpacks to too much.",
            "Add a smaller version of it.",
        )
    return content


def _is_litter(name: str) -> bool:
    return name.startswith(SKIPPED[0]) or name.rpartition("/")[2] in SKIPPED[1:]
