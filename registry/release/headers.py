"""The header of a safetensors file, read without its tensors, and JSON as strictly as it must be.

Pure but for the file that it is given.
"""

from __future__ import annotations

import json
import math
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

MAX_HEADER_BYTES = 32 * 1024 * 1024
HEADER_PREFIX = struct.Struct("<Q")
DTYPE_BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "F8_E4M3": 8, "F8_E5M2": 8, "I16": 16, "U16": 16, "F16": 16,
    "BF16": 16, "I32": 32, "U32": 32, "F32": 32, "I64": 64, "U64": 64, "F64": 64,
}  # fmt: skip


class ReleaseRefusedError(ValueError):
    """A folder may not be released as it is; the sentence names the file and what to do."""


def read_header(path: Path, name: str) -> dict[str, Any]:
    """The header of a safetensors file, its layout checked: no gap, overlap or trailing byte.

    The format is a little-endian 64-bit length, that many bytes of JSON, then the tensors.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        prefix = file.read(HEADER_PREFIX.size)
        if len(prefix) < HEADER_PREFIX.size:
            raise _malformed(name, "it is too short")
        (length,) = HEADER_PREFIX.unpack(prefix)
        if length > min(MAX_HEADER_BYTES, size - HEADER_PREFIX.size):
            raise _malformed(name, "its header is longer than the file or than any honest one")
        data = file.read(length)
    header = parse_json(name, data)
    if not isinstance(header, dict):
        raise _malformed(name, "its header is not an object")
    _require_metadata_strings(name, header.get("__metadata__", {}))
    _require_layout(name, header, size - HEADER_PREFIX.size - length)
    return header


def parse_json(name: str, data: bytes) -> Any:
    """The JSON in `data`. ReleaseRefusedError where it is malformed or a key appears twice."""
    try:
        return json.loads(data.decode(), object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError) as error:
        raise _malformed(name, str(error)) from error


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) != len(pairs):
        raise ValueError("a key appears twice")
    return body


def _malformed(name: str, why: str) -> ReleaseRefusedError:
    return ReleaseRefusedError(f"{name} is malformed ({why}): build it again from its run.")


def _require_metadata_strings(name: str, metadata: object) -> None:
    if not isinstance(metadata, dict) or not all(isinstance(v, str) for v in metadata.values()):
        raise _malformed(name, "its metadata are not strings")


def _require_layout(name: str, header: dict[str, Any], size: int) -> None:
    tensors = [_extent(name, key, t) for key, t in header.items() if key != "__metadata__"]
    if not tensors:
        raise _malformed(name, "it holds no tensor")
    end = 0
    for start, stop in sorted(tensors):
        if start != end:
            raise _malformed(name, "its tensors leave a gap or overlap")
        end = stop
    if end != size:
        raise _malformed(name, f"its tensors take {end} bytes, the file has {size}")


def _extent(name: str, key: str, tensor: object) -> tuple[int, int]:
    try:
        bits = DTYPE_BITS[tensor["dtype"]]  # type: ignore[index]
        shape = tuple(tensor["shape"])  # type: ignore[index]
        start, stop = tensor["data_offsets"]  # type: ignore[index]
    except (KeyError, TypeError, ValueError):
        raise _malformed(name, f"the entry of tensor {key!r} is not understood") from None
    if not all(type(n) is int and n >= 0 for n in (start, stop, *shape)):
        raise _malformed(name, f"the shape or place of tensor {key!r} is not in whole numbers")
    if stop - start != math.prod(shape) * bits // 8:
        raise _malformed(name, f"tensor {key!r} has not the bytes that its shape needs")
    return start, stop
