"""What was added and deleted since the snapshot: one file that grows, frame by frame.

The file begins with two places for how many of its bytes are committed; the greater whole number
counts. A writer, alone under the folder's lock, writes a frame behind them and only then the new
number over the lesser; readers take no lock and never look beyond it. So what a crash tore, frame
or number, is invisible, and the next writer cuts it off; a file shorter than its number has been
damaged.
"""

from __future__ import annotations

import os
import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np

from provenance.screening.exact import files
from provenance.screening.exact.distances import BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

RECORD = np.dtype([("id", "<i8"), ("add", "u1"), ("code", "u1", BYTES)])
_HEAD = struct.Struct("<QI")  # committed bytes, both heads included; checksum of that number
_FRAME = struct.Struct("<II")  # bytes that follow; their checksum
EMPTY = 2 * _HEAD.size


class Damaged(Exception):  # noqa: N818
    """A committed part of a journal cannot be what was written."""


def create(path: Path, frames: bytes = b"") -> None:
    """Write a new journal that holds whole frames of another, and put it on disk."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with files.opened(path, flags) as file:
        files.write_all(file, 2 * _head(EMPTY + len(frames)) + frames)
        os.fsync(file)


def committed(file: int) -> int:
    """The length up to which the journal counts. Raises Damaged."""
    length = max(_heads(file))
    if length < EMPTY:
        raise Damaged("has a journal without a head")
    if os.fstat(file).st_size < length:
        raise Damaged("has a journal that was cut short")
    return length


def read(file: int, start: int, end: int) -> NDArray[np.void]:
    """The records of the frames between two committed lengths. Raises Damaged."""
    data, at, payloads = os.pread(file, end - start, start), 0, []
    while at < len(data):
        length, check = _FRAME.unpack_from(data, at)
        payload = data[at + _FRAME.size : at + _FRAME.size + length]
        if zlib.crc32(payload) != check or len(payload) != length:
            raise Damaged("has a journal with a wrong checksum")
        payloads.append(payload)
        at += _FRAME.size + length
    return np.frombuffer(b"".join(payloads), RECORD)


def append(path: Path, records: NDArray[np.void]) -> None:
    """Commit one frame, all of it or nothing. The caller holds the folder's lock."""
    payload = records.tobytes()
    with files.opened(path, os.O_RDWR) as file:
        end = committed(file)
        os.ftruncate(file, end)  # what a crash left of a frame
        os.lseek(file, end, os.SEEK_SET)
        files.write_all(file, _FRAME.pack(len(payload), zlib.crc32(payload)) + payload)
        os.fsync(file)  # before the number: it must never be on disk without its frame
        heads = _heads(file)
        place = heads.index(min(heads)) * _HEAD.size
        os.pwrite(file, _head(end + _FRAME.size + len(payload)), place)
        os.fsync(file)


def _head(length: int) -> bytes:
    return _HEAD.pack(length, zlib.crc32(length.to_bytes(8, "little")))


def _heads(file: int) -> list[int]:
    """What the two heads say; 0 for one that is not whole."""
    data = os.pread(file, EMPTY, 0)
    heads = [data[at : at + _HEAD.size] for at in (0, _HEAD.size)]
    lengths = [_HEAD.unpack(head)[0] if len(head) == _HEAD.size else 0 for head in heads]
    return [
        length if head == _head(length) else 0 for head, length in zip(heads, lengths, strict=True)
    ]
