"""The sequencer: gives pending entries their leaf numbers and signs what the log then is.

One works at a time, by lease; whoever finds entries waiting and the lease run out takes over. The
lease only saves work. What keeps the log right is that each sequencer works in one transaction
whose leaves' primary keys are the fence: of two that claim the same numbers, or the same entries,
the later fails there and changes nothing. One that is killed leaves no trace of its last batch.
"""

from __future__ import annotations

import logging
from base64 import b64encode
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from ledger import merkle, selectors, signing
from ledger.models import Leaf, Lease, Node, Pending, TreeHead

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger(__name__)
LEASE = "sequencer"
LEASED_FOR = timedelta(seconds=1.5)
"""How long the others wait for one of whom no more is heard: tree heads are due within 2 s."""


def sequence_alone(holder: str, *, now: datetime | None = None) -> int:
    """Sequence what is pending, unless another than `holder` has the lease; how many it numbered.

    The lease is taken or prolonged only where there is something to do.
    """
    if not Pending.objects.exists() or not _hold(holder, now or timezone.now()):
        return 0
    return sequence()


def _hold(holder: str, now: datetime) -> bool:
    until = now + LEASED_FOR
    free = Lease.objects.filter(Q(holder=holder) | Q(until__lte=now), pk=LEASE)
    if free.update(holder=holder, until=until):
        return True
    lease = Lease(name=LEASE, holder=holder, until=until)
    Lease.objects.bulk_create([lease], ignore_conflicts=True)  # of two at first, one inserts
    return Lease.objects.filter(pk=LEASE, holder=holder).exists()


def let_go(holder: str) -> None:
    """Give the lease back, so that the next one need not wait for it to run out."""
    Lease.objects.filter(pk=LEASE, holder=holder).delete()


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
