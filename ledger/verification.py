"""Re-computes the whole ledger from its rows, and names the first thing that does not fit."""

from __future__ import annotations

from base64 import b64decode
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.db import connection, transaction

from ledger import merkle, rules
from ledger.models import Entry, Leaf, Node, Pending, SubjectHead, TreeHead
from ledger.signing import Signature, SignatureRefusedError, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterator

    from django.db.models import QuerySet

    Stream = Callable[[QuerySet[Any]], Iterator[Any]]


class TamperedError(Exception):
    """The first thing that does not fit, in a sentence; `entry` is the id of the entry, or ""."""

    def __init__(self, sentence: str, entry: Any = "") -> None:
        super().__init__(sentence)
        self.entry = str(entry)


@dataclass(frozen=True)
class Kept:
    """A tree head that was kept elsewhere."""

    size: int
    root: str


@dataclass(frozen=True)
class Verified:
    """What was found whole."""

    entries: int
    leaves: int
    subjects: int
    tree_heads: int
    root: str


def verify_ledger(keys: Collection[str], kept: Collection[Kept] = ()) -> Verified:
    """Check every row against every other. Raises TamperedError.

    `keys` are the public keys (hex) whose tree heads count. `kept` are tree heads kept elsewhere:
    only with one can a log be found out that was cut or re-made as a whole by somebody who has
    the key.
    """
    with snapshot(), streams() as stream:
        # 1. Leaves are gapless and their entries unchanged; nodes and tree heads follow from them.
        leaves, heads, root = _check_tree(stream, keys, kept)
        # 2. Entries that wait for a number are unchanged, too.
        for waiting in stream(Pending.objects.order_by("pk").select_related("entry")):
            check_entry(waiting.entry)
        # 3. Each subject's entries form one chain, up to its recorded end.
        entries, subjects = _check_chains(stream)
        # 4. Every entry has a leaf or waits for one, never both.
        _check_places()
    return Verified(entries, leaves, subjects, heads, root)


@contextmanager
def snapshot() -> Iterator[None]:
    """One state of the database throughout, without keeping writers out."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # atomic() would take the write lock
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


@contextmanager
def streams() -> Iterator[Stream]:
    """Opens rows as streams, and closes them all at the end, also after a failure.

    Left to the garbage collector, psycopg would close one in the middle of another query of the
    same connection, and wait for itself for ever.
    """
    with ExitStack() as opened:

        def stream(rows: QuerySet[Any]) -> Iterator[Any]:
            generator = cast("Generator[Any, None, None]", rows.iterator(chunk_size=1000))
            return opened.enter_context(closing(generator))

        yield stream


def check_entry(entry: Entry) -> None:
    """The digest of `entry` is that of its record, whose data are in their canonical form."""
    try:
        whole = rules.canonical(entry.codes) == entry.data
        whole = whole and rules.entry_digest(entry.record()) == entry.digest
    except ValueError:
        whole = False
    if not whole:
        raise TamperedError("its record does not give its digest: it was changed.", entry.pk)


def _check_tree(
    stream: Stream, keys: Collection[str], kept: Collection[Kept]
) -> tuple[int, int, str]:
    heads = stream(TreeHead.objects.order_by("size"))
    stored: dict[int, Iterator[Node]] = {}
    head, size, count, tops = next(heads, None), 0, 0, list[bytes]()
    leaves = Leaf.objects.order_by("index").select_related("entry")
    for leaf in stream(leaves):
        if leaf.index != size:
            raise TamperedError(f"leaf {size} is missing; the next one is {leaf.index}.")
        check_entry(leaf.entry)
        tops, made = merkle.grow(size, tops, bytes.fromhex(leaf.entry.digest))
        if not all(_stored(stream, stored, position) == top.hex() for position, top in made):
            raise TamperedError(f"the tree's nodes do not fit leaf {size}.", leaf.entry.pk)
        size += 1
        _check_kept(kept, size, tops)
        if head and head.size == size:
            _check_head(head, merkle.fold(tops).hex(), keys)
            head, count = next(heads, None), count + 1
    if head:
        raise TamperedError(f"the tree head of {head.size} covers leaves that are not there.")
    _check_ends(size, kept)
    return size, count, merkle.fold(tops).hex()


def _stored(stream: Stream, levels: dict[int, Iterator[Node]], position: merkle.Position) -> str:
    """The hash kept at `position`, the next one of its level; "" where it is missing."""
    level, index = position
    if level not in levels:
        levels[level] = stream(Node.objects.filter(level=level).order_by("index"))
    node = next(levels[level], None)
    return node.hash if node and node.index == index else ""


def _check_kept(kept: Collection[Kept], size: int, tops: list[bytes]) -> None:
    roots = {head.root for head in kept if head.size == size}
    if roots - {merkle.fold(tops).hex() if roots else ""}:
        raise TamperedError(f"the first {size} leaves are not those of the tree head kept.")


def _check_ends(size: int, kept: Collection[Kept]) -> None:
    covered = max((head.size for head in kept), default=0)
    if covered > size:
        raise TamperedError(f"the tree head kept covers {covered} leaves, here are {size}.")
    if size and not TreeHead.objects.filter(size=size).exists():
        raise TamperedError(f"no tree head covers the last of {size} leaves.")
    if Node.objects.count() != sum(size >> level for level in range(size.bit_length())):
        raise TamperedError("the tree has nodes that belong to no leaf.")


def _check_head(head: TreeHead, root: str, keys: Collection[str]) -> None:
    if head.root != root:
        raise TamperedError(f"the tree head of {head.size} has another root than its leaves.")
    try:
        signature = Signature(head.key, b64decode(head.signature, validate=True))
        verify(head.signed_bytes(), signature, trusted=keys)
    except (SignatureRefusedError, ValueError) as error:
        raise TamperedError(f"the tree head of {head.size} is not signed: {error}.") from error


def _check_chains(stream: Stream) -> tuple[int, int]:
    entries = Entry.objects.order_by("subject", "position").select_related("leaf")
    heads = SubjectHead.objects.in_bulk
    count, subjects = 0, 0
    last: Entry | None = None
    for entry in stream(entries):
        if last is None or entry.subject != last.subject:
            _check_chain_end(last, heads)
            subjects, last = subjects + 1, None
        _check_link(entry, last)
        count, last = count + 1, entry
    _check_chain_end(last, heads)
    if SubjectHead.objects.exclude(length=0).count() != subjects:
        raise TamperedError("a subject is recorded of which no entry is left.")
    return count, subjects


def _check_link(entry: Entry, last: Entry | None) -> None:
    leaf, before = getattr(entry, "leaf", None), getattr(last, "leaf", None)
    if entry.position != (last.position + 1 if last else 0):
        raise TamperedError(f"an entry before it on {entry.subject} is missing.", entry.pk)
    if entry.previous != (last.digest if last else ""):
        raise TamperedError("it does not continue the entry before it.", entry.pk)
    if last and leaf and (before is None or before.index > leaf.index):
        raise TamperedError("its leaf number comes before that of the entry before.", entry.pk)


def _check_chain_end(last: Entry | None, heads: Any) -> None:
    if last is None:
        return
    head = heads([last.subject]).get(last.subject)
    if head is None or (head.length, head.digest) != (last.position + 1, last.digest):
        raise TamperedError(f"the last entries on {last.subject} are not those recorded.", last.pk)


def _check_places() -> None:
    nowhere = Entry.objects.filter(leaf=None, pending=None).first()
    if nowhere:
        raise TamperedError("it has no leaf number and does not wait for one.", nowhere.pk)
    double = Pending.objects.filter(entry__leaf__isnull=False).first()
    if double:
        raise TamperedError("it has a leaf number and still waits for one.", double.entry_id)
