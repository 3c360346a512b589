"""Ranges, conditions and entity tags of RFC 9110, as far as downloads need them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

RANGE = re.compile(r"bytes=\s*(\d{0,19})-(\d{0,19})\s*", re.ASCII)


@dataclass(frozen=True)
class Part:
    """What to send: `size` bytes from `start`. `partial` says whether that is less than all."""

    start: int
    size: int
    partial: bool


class UnsatisfiableError(ValueError):
    """No byte of the file lies in the range asked for."""


def part_of(size: int, *, wanted: str, if_range: str, etag: str) -> Part:
    """The part of a file of `size` bytes that the headers `Range` and `If-Range` ask for.

    Several ranges, other units and an `If-Range` that names another version get the whole file,
    as RFC 9110 (14.2) allows. A range that ends before it begins is refused like one past the end.
    """
    whole = Part(0, size, partial=False)
    match = RANGE.fullmatch(wanted)
    if match is None or (if_range and if_range != etag):
        return whole
    first, last = match.groups()
    if not first and not last:
        raise UnsatisfiableError(wanted)
    if not first:
        start, stop = max(size - int(last), 0), size
    else:
        start, stop = int(first), min(int(last) + 1, size) if last else size
    if start >= stop:
        raise UnsatisfiableError(wanted)
    return Part(start, stop - start, partial=True)


def matches(if_none_match: str, etag: str) -> bool:
    """Whether the client has this version already: weak comparison, as RFC 9110 (13.1.2) asks."""
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in tags or etag in tags


def header_safe(text: str, limit: int = 300) -> str:
    """`text` as one line of ASCII for a header's value; what does not fit becomes `?`."""
    line = " ".join(text.split())[:limit]
    return line.encode("ascii", "replace").decode()
