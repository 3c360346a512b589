"""The sequencer: gives pending entries their leaf numbers and signs what the log then is.

Any number may run. Each works in one transaction whose leaves' primary keys are the fence: of two
that claim the same numbers, or the same entries, the later fails there and changes nothing.
"""

from __future__ import annotations

import logging
from base64 import b64encode

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from ledger import merkle, selectors, signing
from ledger.models import Leaf, Node, Pending, TreeHead

logger = logging.getLogger(__name__)


def sequence(limit: int = 1000) -> int:
    """Number at most `limit` pending entries and sign the new tree head; how many it numbered."""
    if not Pending.objects.exists():
        return 0
    before = selectors.tree_size()
    try:
        with transaction.atomic():
            return _sequence(limit)
    except IntegrityError:
        if selectors.tree_size() == before:
            raise  # nobody was faster: the tables contradict each other (verify_ledger tells how)
        logger.info("Another sequencer was first; the entries left wait for the next round.")
        return 0


def _sequence(limit: int) -> int:
    size = selectors.tree_size()
    pending = list(Pending.objects.select_related("entry").order_by("pk")[:limit])
    if not pending:
        return 0
    positions = merkle.frontier(size)
    hashes = selectors.read_nodes(positions)
    tops = [hashes[position] for position in positions]
    nodes: list[Node] = []
    for index, waiting in enumerate(pending, start=size):
        tops, made = merkle.grow(index, tops, bytes.fromhex(waiting.entry.digest))
        nodes += [Node(level=level, index=place, hash=top.hex()) for (level, place), top in made]
    Leaf.objects.bulk_create(
        [Leaf(index=index, entry_id=w.entry_id) for index, w in enumerate(pending, start=size)]
    )
    Node.objects.bulk_create(nodes)
    sign_head(size + len(pending), merkle.fold(tops).hex()).save(force_insert=True)
    Pending.objects.filter(pk__in=[waiting.pk for waiting in pending]).delete()
    return len(pending)


def sign_head(size: int, root: str) -> TreeHead:
    """An unsaved tree head, signed with this site's ledger key (made on first use)."""
    key = signing.load_or_create_key(settings.KEYS_DIR / "ledger.key")
    head = TreeHead(size=size, root=root, at=timezone.now(), key=signing.public_hex(key))
    head.signature = b64encode(signing.sign(head.signed_bytes(), key).signature).decode()
    return head
