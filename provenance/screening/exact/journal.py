"""What was added and deleted since the snapshot: one file that grows, frame by frame.

The file begins with how many of its bytes are committed. A writer, alone under the folder's lock,
writes a frame behind them and only then the new number; readers take no lock and never look
beyond it. So a frame that a crash tore is invisible, and the next writer cuts it off; and a file
shorter than its number has been damaged.
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
_HEAD = struct.Struct("<QI")  # committed bytes, this head's included; checksum of that number
_FRAME = struct.Struct("<II")  # bytes that follow; their checksum
_TRIES = 100
"""A head read while it is being written has a wrong sum; the next look is right."""
EMPTY = _HEAD.size


class Damaged(Exception):  # noqa: N818
    """A committed part of a journal cannot be what was written."""


def create(path: Path, frames: bytes = b"") -> None:
    """Write a new journal that holds whole frames of another, and put it on disk."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with files.opened(path, flags) as file:
        files.write_all(file, _head(EMPTY + len(frames)) + frames)
        os.fsync(file)


def committed(file: int) -> int:
    """The length up to which the journal counts. Raises Damaged."""
    for _ in range(_TRIES):
        head = os.pread(file, EMPTY, 0)
        if len(head) == EMPTY and _head(length := _HEAD.unpack(head)[0]) == head:
            if os.fstat(file).st_size < length:
                raise Damaged("has a journal that was cut short")
            return int(length)
    raise Damaged("has a journal without a head")


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
        os.pwrite(file, _head(end + _FRAME.size + len(payload)), 0)
        os.fsync(file)


def _head(length: int) -> bytes:
    return _HEAD.pack(length, zlib.crc32(length.to_bytes(8, "little")))
