"""Files by their content, under keys made here: never by a name that somebody sent."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from django.core.files.storage import default_storage

from ledger.signing import write_whole

Kind = Literal["original", "normalised", "thumbnail", "evidence"]

SUFFIXES: dict[Kind, str] = {
    "original": "",
    "normalised": ".png",
    "thumbnail": ".jpg",
    "evidence": "",
}
SHA256 = re.compile(r"[0-9a-f]{64}")


def key_of(kind: Kind, sha256: str) -> str:
    """The storage key of a file, such as `normalised/ab/cd/<sha256>.png`."""
    if not SHA256.fullmatch(sha256):
        raise ValueError(f"{sha256!r} is not a sha256 in lowercase hex.")
    return f"{kind}/{sha256[:2]}/{sha256[2:4]}/{sha256}{SUFFIXES[kind]}"


def path_of(kind: Kind, sha256: str) -> Path:
    """Where the file lies (originals by their own sha256, the others by the normalised one)."""
    return Path(default_storage.path(key_of(kind, sha256)))


def read(kind: Kind, sha256: str) -> bytes:
    """The file's bytes; FileNotFoundError where there is none."""
    return path_of(kind, sha256).read_bytes()


def exists(kind: Kind, sha256: str) -> bool:
    """Whether the file is there, whole: it only gets its name once it is."""
    return path_of(kind, sha256).is_file()


def save(kind: Kind, sha256: str, data: bytes) -> Path:
    """Store `data` and answer its path; storing it twice changes nothing."""
    path = path_of(kind, sha256)
    if path.is_file():
        return path
    write_whole(path, data, mode=0o600)
    return path
