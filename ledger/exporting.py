"""The ledger as JSON lines, for checking it elsewhere: `tools/verify_ledger.py` reads them.

A line is the header with the signers' keys, an entry, a tree head (right after the last leaf it
covers) or the end with counts. Entries that wait for a number come last. Neither statements nor
salts are part of it.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any

from ledger.models import Entry, Leaf, Pending, TreeHead
from ledger.verification import snapshot, streams

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = 1


def lines(site: str) -> Iterator[str]:
    """Every line of an export, from one state of the database, in bounded memory."""
    entries = leaves = heads = 0
    with snapshot(), streams() as stream:
        keys = sorted(set(TreeHead.objects.values_list("key", flat=True).distinct()))
        yield _line("ledger", version=VERSION, site=site, keys=keys)
        ahead = stream(TreeHead.objects.order_by("size"))
        head = next(ahead, None)
        numbered = Leaf.objects.order_by("index").select_related("entry")
        waiting = Pending.objects.order_by("pk").select_related("entry")
        for row in chain(stream(numbered), stream(waiting)):
            leaf = row.index if isinstance(row, Leaf) else None
            entries, leaves = entries + 1, leaves + (leaf is not None)
            yield _entry(row.entry, leaf)
            if head and leaf is not None and head.size == leaf + 1:
                yield _head(head)
                head, heads = next(ahead, None), heads + 1
        for left in chain([head] if head else [], ahead):  # covers what is gone: the reader sees it
            yield _head(left)
            heads += 1
        yield _line("end", entries=entries, leaves=leaves, tree_heads=heads)


def _entry(entry: Entry, leaf: int | None) -> str:
    return _line("entry", leaf=leaf, digest=entry.digest, record=entry.record())


def _head(head: TreeHead) -> str:
    signed = {"signed": head.signed_body(), "key": head.key, "signature": head.signature}
    return _line("tree_head", **signed)


def _line(what: str, **fields: Any) -> str:
    return json.dumps({"line": what, **fields}, ensure_ascii=False, separators=(",", ":")) + "\n"
