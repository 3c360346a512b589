"""The Merkle tree of RFC 9162, section 2.1: roots and proofs over stored perfect subtrees.

A perfect subtree is named by (level, index) and covers the leaves from `index << level` on,
`1 << level` of them. Proofs are computed through a function that gives such a node's hash.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Read = Callable[["Position"], bytes]

Position = tuple[int, int]

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """SHA-256 of a zero byte and the leaf's bytes."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of a one byte and both children: no leaf can pose as a node."""
    return hashlib.sha256(b"\1" + left + right).digest()


def frontier(size: int) -> list[Position]:
    """The perfect subtrees that a tree of `size` leaves is made of, widest first."""
    return [
        (level, (size >> level) - 1)
        for level in reversed(range(size.bit_length()))
        if size >> level & 1
    ]


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root above the frontier's `hashes`, widest first."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def grow(
    size: int, hashes: list[bytes], leaf: bytes
) -> tuple[list[bytes], list[tuple[Position, bytes]]]:
    """Add one leaf hash to a tree: its new frontier, and the nodes that became complete."""
    made = [((0, size), leaf)]
    rest = list(hashes)
    level, index, top = 0, size, leaf
    while index & 1:
        top = node_hash(rest.pop(), top)
        level, index = level + 1, index >> 1
        made.append(((level, index), top))
    return [*rest, top], made


def subtree(start: int, end: int, read: Read) -> bytes:
    """The hash over the leaves [start, end), where `start` is aligned as in the RFC's splits."""
    width = end - start
    level = width.bit_length() - 1
    if width == 1 << level:
        return read((level, start >> level))
    middle = start + _split(width)
    return node_hash(subtree(start, middle, read), subtree(middle, end, read))


def _split(width: int) -> int:
    """The largest power of two below `width`."""
    return 1 << ((width - 1).bit_length() - 1)


def inclusion_proof(index: int, size: int, read: Read) -> list[bytes]:
    """The audit path of leaf `index` in the tree of `size` leaves (2.1.3.1), leaf's side first."""
    if not 0 <= index < size:
        raise ValueError(f"There is no leaf {index} in a tree of {size}.")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree(middle, end, read))
            end = middle
        else:
            path.append(subtree(start, middle, read))
            start = middle
    return path[::-1]


def consistency_proof(first: int, second: int, read: Read) -> list[bytes]:
    """The proof that the tree of `second` leaves continues that of `first` (2.1.4.1)."""
    if not 0 < first <= second:
        raise ValueError(f"A tree of {second} leaves cannot continue one of {first}.")
    path: list[bytes] = []
    start, end, whole = 0, second, True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(subtree(middle, end, read))
            end = middle
        else:
            path.append(subtree(start, middle, read))
            start, whole = middle, False
    if not whole:
        path.append(subtree(start, end, read))
    return path[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> bool:
    """Whether `path` leads from `leaf` at `index` to the `root` of `size` leaves (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, current = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            current = node_hash(sibling, current)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and current == root


def verify_consistency(
    first: int, second: int, path: Sequence[bytes], first_root: bytes, second_root: bytes
) -> bool:
    """Whether `path` proves that the second tree continues the first (2.1.4.2)."""
    if first == second:
        return not path and first_root == second_root
    if not 0 < first < second or not path:
        return False
    steps = list(path) if first & (first - 1) else [first_root, *path]
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, step)
        node, last = node >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root
