from __future__ import annotations

import threading
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from ledger import merkle, selectors, sequencer
from ledger.models import Entry, Leaf, Node, Pending, TreeHead
from ledger.signing import Signature, verify
from ledger.verification import verify_ledger

WRITERS, EACH = 6, 8


def in_threads(work, count: int) -> list:
    """Run `work(number)` in `count` threads at once, each with a connection that it closes."""
    barrier = threading.Barrier(count)

    def run(number: int):
        try:
            barrier.wait(timeout=30)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.django_db
def test_entries_get_numbers_in_order_and_a_signed_head(write):
    entries = [write(f"thing:{number % 2}") for number in range(5)]
    assert sequencer.sequence(limit=3) == 3
    assert sequencer.sequence(limit=3) == 2
    assert sequencer.sequence() == 0
    assert not Pending.objects.exists()
    assert [leaf.entry_id for leaf in selectors.entries_after()] == [e.pk for e in entries]
    assert [leaf.index for leaf in selectors.entries_after(2, 1)] == [3]
    head = selectors.tree_head()
    assert TreeHead.objects.count() == 2
    assert head.size == 5
    signature = Signature(head.key, b64decode(head.signature))
    verify(head.signed_bytes(), signature, trusted=[head.key])


@pytest.mark.django_db
def test_every_entry_can_be_proved_with_few_queries(write, django_assert_max_num_queries):
    entries = [write() for _ in range(11)]
    assert selectors.inclusion(entries[0]) is None
    sequencer.sequence(4)
    first = selectors.tree_head()
    sequencer.sequence()
    for entry in entries:
        with django_assert_max_num_queries(3):
            proof = selectors.inclusion(entry)
        path = [bytes.fromhex(step) for step in proof.path]
        leaf, root = bytes.fromhex(entry.digest), bytes.fromhex(proof.head.root)
        assert merkle.verify_inclusion(leaf, proof.leaf, proof.head.size, path, root)
    path = [bytes.fromhex(step) for step in selectors.consistency(4, 11)]
    old = bytes.fromhex(first.root)
    assert merkle.verify_consistency(4, 11, path, old, root)
    with pytest.raises(ValueError, match="11 leaves"):
        selectors.consistency(4, 12)


@pytest.mark.django_db(transaction=True)
def test_threads_appending_and_sequencing_at_once_leave_no_gap_no_double_no_broken_chain(
    write, keys
):
    def work(number: int) -> int:
        if number >= WRITERS:  # two sequencers
            return sum(sequencer.sequence(7) for _ in range(EACH))
        for turn in range(EACH):
            write(["shared", f"own:{number}"][turn % 2])
        return 0

    numbered = sum(in_threads(work, WRITERS + 2))
    while done := sequencer.sequence(7):
        numbered += done
    assert numbered == Entry.objects.count() == WRITERS * EACH
    assert [leaf.index for leaf in selectors.entries_after()] == list(range(numbered))
    found = verify_ledger({selectors.tree_head().key})
    assert (found.entries, found.leaves, found.subjects) == (numbered, numbered, WRITERS + 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_sequencers_that_claim_the_same_entries_the_later_changes_nothing(
    write, monkeypatch
):
    entry = write()
    real = merkle.frontier

    def another_first(size: int):
        monkeypatch.setattr(merkle, "frontier", real)
        if connection.vendor == "postgresql":
            in_threads(lambda _: sequencer.sequence(), 1)
        return real(size)

    # The other one commits after this one has read, before it writes.
    monkeypatch.setattr(merkle, "frontier", another_first)

    expected = 0 if connection.vendor == "postgresql" else 1  # SQLite lets one in at a time
    assert sequencer.sequence() == expected
    assert Leaf.objects.get().entry_id == entry.pk
    assert Node.objects.count() == TreeHead.objects.count() == 1


@pytest.mark.django_db
def test_tables_that_contradict_each_other_are_an_error_and_not_a_lost_race(write):
    entry = write()
    Leaf.objects.create(index=0, entry=entry)
    with pytest.raises(IntegrityError), transaction.atomic():
        sequencer.sequence()
