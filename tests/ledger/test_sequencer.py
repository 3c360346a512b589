from __future__ import annotations

import threading
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from ledger import merkle, selectors, sequencer
from ledger.models import Entry, Leaf, Lease, Node, Pending, TreeHead
from ledger.signing import Signature, verify
from ledger.verification import verify_ledger
from tests.ledger.processes import at_once, killed_when_it_says

WRITERS, EACH = 6, 8
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


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


@pytest.mark.django_db
def test_one_sequencer_works_alone_while_its_lease_runs_and_the_next_once_it_has_run_out(write):
    write()
    assert sequencer.sequence_alone("one", now=NOON) == 1
    write()
    assert sequencer.sequence_alone("two", now=NOON + timedelta(seconds=1)) == 0
    assert sequencer.sequence_alone("one", now=NOON + timedelta(seconds=1)) == 1  # and prolongs it
    write()
    assert sequencer.sequence_alone("two", now=NOON + timedelta(seconds=2)) == 0
    assert sequencer.sequence_alone("two", now=NOON + timedelta(seconds=1) + sequencer.LEASED_FOR)
    write()
    assert sequencer.sequence_alone("one", now=NOON + timedelta(seconds=3)) == 0


@pytest.mark.django_db
def test_a_lease_given_back_lets_the_next_begin_at_once(write):
    write()
    sequencer.sequence_alone("one", now=NOON)
    write()
    sequencer.let_go("two")
    assert sequencer.sequence_alone("two", now=NOON) == 0
    sequencer.let_go("one")
    assert sequencer.sequence_alone("two", now=NOON) == 1


@pytest.mark.django_db
def test_where_nothing_waits_nobody_takes_the_lease(db):
    assert sequencer.sequence_alone("one") == 0
    assert not Lease.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", ["Leaf", "Node", "Pending", "after"])
def test_one_killed_at_any_point_leaves_nothing_half_done_and_another_takes_over(write, place):
    for _ in range(5):
        write()

    def work(here) -> None:
        connection.close()
        if place != "after":
            stop_at(place, here)
        sequencer.sequence_alone("one", now=NOON)
        here()  # its work is committed, its lease still runs

    killed_when_it_says(work)
    left = 5 if place != "after" else 0
    assert Pending.objects.count() == left
    assert Leaf.objects.count() == 5 - left
    write()
    assert sequencer.sequence_alone("two", now=NOON) == 0
    assert sequencer.sequence_alone("two", now=NOON + sequencer.LEASED_FOR) == left + 1
    found = verify_ledger({selectors.tree_head().key})
    assert (found.entries, found.leaves) == (6, 6)


def stop_at(place: str, here) -> None:
    """In the child only: stop just after the rows of `place` are written, before the commit."""
    if place == "Pending":
        real = sequencer.sign_head
        sequencer.sign_head = lambda *a: (here(), real(*a))[1]
        return
    manager = {"Leaf": Leaf, "Node": Node}[place].objects
    real = manager.bulk_create
    manager.bulk_create = lambda rows: (real(rows), here())


def in_eight_processes(write, each: int) -> None:
    """Eight writers and a sequencer, each a process."""

    def work(number: int) -> None:
        for turn in range(each):
            if number == 8:
                sequencer.sequence_alone("one")
            else:
                write(["shared", f"own:{number}"][turn % 2])

    at_once(work, 9)
    while sequencer.sequence(100):
        pass
    assert [leaf.index for leaf in selectors.entries_after()] == list(range(8 * each))
    assert Entry.objects.filter(subject="shared").count() == 4 * each
    found = verify_ledger({selectors.tree_head().key})
    assert (found.entries, found.leaves, found.subjects) == (8 * each, 8 * each, 9)


@pytest.mark.django_db(transaction=True)
def test_eight_processes_appending_at_once_leave_no_gap_no_double_and_no_broken_chain(write):
    in_eight_processes(write, each=6)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="many appends need PostgreSQL")
def test_eight_processes_appending_much_at_once_to_postgresql_lose_and_double_nothing(write):
    in_eight_processes(write, each=60)
