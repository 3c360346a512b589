"""The folder's manifest, its locks, and writes that a crash leaves undone or done.

Generation g is the files `snapshot-g` and `journal-g`; the manifest names the current one and is
replaced by a rename. Everything it names is on disk before.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import zlib
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMAT = 1
"""Raise it with every change of what the bytes of a snapshot or a journal mean."""
MANIFEST = "manifest.json"
_GENERATION = re.compile(r"(?:snapshot|journal)-(\d+)")


class IndexBroken(Exception):  # noqa: N818 (what has happened, like `KeyError`'s older cousins)
    """The index's files are missing, damaged or of another version; nothing can be searched."""

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(f"The exact index in {folder} {why}. Build it again from the database.")


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What the current generation is: counts, how the bands are cut, and the snapshot's sum."""

    generation: int
    rows: int
    extras: int
    bands: int
    width: int
    bytes: int
    crc32: int


def snapshot_path(folder: Path, generation: int) -> Path:
    """Where a generation's sorted part is."""
    return folder / f"snapshot-{generation}"


def journal_path(folder: Path, generation: int) -> Path:
    """Where a generation's additions and deletions are."""
    return folder / f"journal-{generation}"


def read_manifest(folder: Path) -> Manifest:
    """Raises IndexBroken where there is none, or none that this version can read."""
    try:
        outer = json.loads((folder / MANIFEST).read_bytes())
        inner, check = outer["manifest"], outer["crc32"]
        if outer["format"] != FORMAT:
            raise IndexBroken(folder, f"is of format {outer['format']}, not {FORMAT}")
        if check != zlib.crc32(_plain(inner)):
            raise IndexBroken(folder, "has a manifest whose checksum is wrong")
        return Manifest(**inner)
    except FileNotFoundError:
        raise IndexBroken(folder, "is missing") from None
    except (ValueError, TypeError, KeyError):
        raise IndexBroken(folder, "has a manifest that cannot be read") from None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest; when this returns, a loss of power does not undo it."""
    inner = asdict(manifest)
    outer = {"format": FORMAT, "crc32": zlib.crc32(_plain(inner)), "manifest": inner}
    new = folder / (MANIFEST + ".new")
    with opened(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) as file:
        write_all(file, json.dumps(outer, indent=1).encode())
        os.fsync(file)
    sync_folder(folder)  # the names of the files that the manifest is about to name
    os.replace(new, folder / MANIFEST)  # noqa: PTH105 (the crash tests stop at calls of `os`)
    sync_folder(folder)


def next_generation(folder: Path) -> int:
    """A number that no file in the folder bears, not even a leaving of a crash."""
    found = (_GENERATION.match(name) for name in os.listdir(folder))  # noqa: PTH208
    return max((int(match[1]) for match in found if match), default=0) + 1


def sweep(folder: Path, keep: int) -> None:
    """Remove the files of other generations. Readers that have them mapped keep them."""
    for name in os.listdir(folder):  # noqa: PTH208
        match = _GENERATION.match(name)
        if match and int(match[1]) != keep:
            (folder / name).unlink(missing_ok=True)


@contextmanager
def locked(folder: Path, name: str) -> Iterator[None]:
    """Hold an exclusive lock of the folder; the kernel lets go of a killed process's."""
    with opened(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def opened(path: Path, flags: int) -> Iterator[int]:
    """A file's number, closed at the end and never inherited by a child."""
    file = os.open(path, flags | os.O_CLOEXEC, 0o666)
    try:
        yield file
    finally:
        os.close(file)


def write_all(file: int, data: bytes | memoryview) -> None:
    """Write all of it, however many calls that takes."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]


def sync_folder(folder: Path) -> None:
    """Put the names of a folder's files on disk."""
    with opened(folder, os.O_RDONLY | os.O_DIRECTORY) as file:
        os.fsync(file)


def _plain(inner: object) -> bytes:
    return json.dumps(inner, sort_keys=True).encode()
