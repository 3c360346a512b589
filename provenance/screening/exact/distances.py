"""Hamming distances between codes of 256 bits, many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Codes: TypeAlias = NDArray[np.uint8]
    Words: TypeAlias = NDArray[np.uint64]
    Ids: TypeAlias = NDArray[np.int64]
    Places: TypeAlias = NDArray[np.int64]
else:
    Codes = Words = Ids = Places = np.ndarray

BITS, BYTES, WORDS = 256, 32, 4
WIDEST = 45
"""The largest distance that may be asked for: beyond it chance neighbours begin to appear."""
_BLOCK = 1 << 14
"""Rows compared at a time when scanning: they and what is made of them stay in the cache."""


def as_codes(codes: Codes) -> Codes:
    """The codes as contiguous bytes of shape (n, 32). Raises ValueError for any other shape."""
    if codes.dtype != np.uint8 or codes.ndim != 2 or codes.shape[1] != BYTES:  # noqa: PLR2004
        raise ValueError(f"Codes are uint8 of shape (n, 32), not {codes.dtype} {codes.shape}.")
    return np.ascontiguousarray(codes)


def packed(codes: Iterable[str]) -> Codes:
    """Codes of 64 hexadecimal digits as bytes of shape (n, 32)."""
    return np.frombuffer(bytes.fromhex("".join(codes)), np.uint8).reshape(-1, BYTES)


def as_words(codes: Codes) -> Words:
    """Codes (n, 32) seen as four words each (n, 4), without a copy where that is possible."""
    return np.ascontiguousarray(codes).view(np.uint64)


def between(one: Words, other: Words) -> NDArray[np.uint16]:
    """Bits that differ, row by row: of (n, 4) and (n, 4) or (4,), the distances (n,)."""
    counts = np.bitwise_count(one ^ other)
    if not counts.size:
        return np.zeros(len(counts), np.uint16)
    # Four bytes are added as two halves of a word; 4 x 64 = 256 would not fit into one byte.
    word = np.ascontiguousarray(counts).view(np.uint32)[:, 0]
    halves = (word & np.uint32(0x00FF00FF)) + ((word >> np.uint32(8)) & np.uint32(0x00FF00FF))
    return ((halves & np.uint32(0xFFFF)) + (halves >> np.uint32(16))).astype(np.uint16)


def scan(words: Words, query: Words, within: int) -> Places:
    """The rows of `words` (n, 4) within a distance of one query (4,), by looking at all."""
    found = [
        at + np.flatnonzero(between(words[at : at + _BLOCK], query) <= within)
        for at in range(0, len(words), _BLOCK)
    ]
    return np.concatenate(found) if found else np.empty(0, np.int64)
