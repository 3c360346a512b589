"""Reads of the ledger: entries by subject and by leaf, tree heads, and proofs for outsiders."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from ledger import merkle
from ledger.models import Entry, Leaf, Node, TreeHead

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from ledger.merkle import Position, Read
    from ledger.models import Statement

BEFORE_ALL = -1
"""The cursor of a follower that has seen no leaf yet."""


@dataclass(frozen=True)
class InclusionProof:
    """That `leaf_hash` is leaf `leaf` of the tree that `head` signs; hashes are hex."""

    leaf: int
    leaf_hash: str
    path: tuple[str, ...]
    head: TreeHead


def entries_of(subject: str) -> QuerySet[Entry]:
    """The subject's chain, first link first."""
    return Entry.objects.filter(subject=subject).order_by("position")


def entries_after(leaf_index: int = BEFORE_ALL, limit: int = 1000) -> list[Leaf]:
    """The leaves after the cursor `leaf_index`, each with its entry: `leaf.index`, `leaf.entry`.

    A follower keeps the index of the last one it handled. Leaves appear in order and without
    gaps, so it misses none, however late a transaction committed.
    """
    leaves = Leaf.objects.filter(index__gt=leaf_index).select_related("entry")
    return list(leaves.order_by("index")[:limit])


def tree_head() -> TreeHead | None:
    """The newest tree head; None while no entry has a leaf number."""
    return TreeHead.objects.order_by("-size").first()


def tree_size() -> int:
    """How many leaves the newest tree head covers."""
    head = tree_head()
    return head.size if head else 0


def published(head: TreeHead) -> dict[str, Any]:
    """A tree head as outsiders get it: what is signed, the key and the signature."""
    return head.signed_body() | {"key": head.key, "signature": head.signature}


def erased_at(entry: Entry) -> datetime | None:
    """When the words behind `entry` were erased; None while they are there, or never were."""
    statement: Statement | None = getattr(entry, "statement", None)
    return statement.erased_at if statement else None


def inclusion(entry: Entry, head: TreeHead | None = None) -> InclusionProof | None:
    """The proof that `entry` stands in the tree of `head`, or else in the newest one.

    None while it waits for its number, or where that tree is older than the entry.
    """
    leaf = Leaf.objects.filter(entry=entry).first()
    head = head or tree_head()
    if leaf is None or head is None or head.size <= leaf.index:
        return None
    size, index = head.size, leaf.index
    path = _prove(lambda read: merkle.inclusion_proof(index, size, read))
    return InclusionProof(index, entry.digest, path, head)


def consistency(first: int, second: int) -> tuple[str, ...]:
    """The proof (hex hashes) that the tree of `second` leaves continues the one of `first`.

    Raises ValueError unless 0 < first <= second <= the newest tree's size.
    """
    if second > (size := tree_size()):
        raise ValueError(f"The newest tree has {size} leaves; there is none of {second}.")
    return _prove(lambda read: merkle.consistency_proof(first, second, read))


def read_nodes(positions: Sequence[Position]) -> dict[Position, bytes]:
    """The hashes of these perfect subtrees, in one query."""
    if not positions:
        return {}
    wanted = reduce(or_, (Q(level=level, index=index) for level, index in positions))
    rows = Node.objects.filter(wanted).values_list("level", "index", "hash")
    return {(level, index): bytes.fromhex(text) for level, index, text in rows}


def _prove(proof: Callable[[Read], list[bytes]]) -> tuple[str, ...]:
    """Compute a proof twice: once to learn which nodes it reads, once with all of them at hand."""
    needed: list[Position] = []

    def note(position: Position) -> bytes:
        needed.append(position)
        return b""

    proof(note)
    nodes = read_nodes(needed)
    return tuple(step.hex() for step in proof(nodes.__getitem__))
