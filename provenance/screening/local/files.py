"""An index of local features as three files that many processes may map at once."""

from __future__ import annotations

import json
import mmap
import os
from typing import TYPE_CHECKING, Any

import faiss

from provenance.screening.local.features import VERSION, DamagedFileError
from provenance.screening.local.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LAYOUT = 1
HEAD = "local.json"
"""Names the other two files and their sizes; replaced last, so a reader sees old or new."""


def write(
    folder: Path, keys: Sequence[str], blobs: Sequence[bytes | memoryview], segment: Segment
) -> None:
    """Write a new generation beside the old one, switch the head, drop the old one."""
    folder.mkdir(parents=True, exist_ok=True)
    name = os.urandom(6).hex()
    works, lists = folder / f"{name}.works", folder / f"{name}.lists"
    with works.open("wb") as out:
        out.writelines(blobs)
        out.flush()
        os.fsync(out.fileno())
    faiss.write_index(segment.index, str(lists))
    head = {
        "layout": LAYOUT,
        "features": VERSION,
        "name": name,
        "keys": list(keys),
        "lengths": [len(blob) for blob in blobs],
        "lists": lists.stat().st_size,
    }
    fresh = folder / f"{name}.json"
    fresh.write_text(json.dumps(head))
    fresh.replace(folder / HEAD)
    for old in (*folder.glob("*.works"), *folder.glob("*.lists")):
        if old.stem != name:
            old.unlink(missing_ok=True)


def read(folder: Path) -> tuple[list[str], list[bytes | memoryview], Segment | None]:
    """Keys, blobs and lists as `write` had them. Raises DamagedFileError."""
    try:
        head: dict[str, Any] = json.loads((folder / HEAD).read_text())
        if (head["layout"], head["features"]) != (LAYOUT, VERSION):
            raise DamagedFileError("this index was written by another version")
        works, lists = folder / f"{head['name']}.works", folder / f"{head['name']}.lists"
        if works.stat().st_size != sum(head["lengths"]) or lists.stat().st_size != head["lists"]:
            raise DamagedFileError("a file of this index was cut short")
        index = faiss.read_index(str(lists), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
        return head["keys"], _blobs(works, head["lengths"]), Segment(index)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        if isinstance(error, DamagedFileError):
            raise
        raise DamagedFileError("this folder holds no readable index") from error


def _blobs(path: Path, lengths: list[int]) -> list[bytes | memoryview]:
    if not sum(lengths):
        return [b"" for _ in lengths]
    with path.open("rb") as file:
        view = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    blobs: list[bytes | memoryview] = []
    at = 0
    for length in lengths:
        blobs.append(view[at : at + length])
        at += length
    return blobs
