from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.transaction import TransactionManagementError

from ledger import outbox, rules, services
from ledger.models import Doorbell, Entry, Pending, Statement, SubjectHead
from ledger.rules import Event, EventRefusedError


class ThingDone(Event, kind="thing.named"):
    """Without codes of its own."""


@pytest.mark.django_db
def test_each_entry_is_chained_to_the_one_before_of_its_subject(write):
    first, other, second = write(), write("thing:2"), write()
    assert (first.position, first.previous) == (0, "")
    assert (second.position, second.previous) == (1, first.digest)
    assert (other.position, other.previous) == (0, "")
    assert SubjectHead.objects.get(pk="thing:1").digest == second.digest
    assert Pending.objects.count() == 3


@pytest.mark.django_db
def test_the_digest_is_that_of_the_record_read_back(write):
    at = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    entry = Entry.objects.get(pk=write(at=at).pk)
    assert entry.record()["at"] == "2026-01-02T03:04:05.678901Z"
    assert rules.entry_digest(entry.record()) == entry.digest


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_can_be_written():
    with pytest.raises(TransactionManagementError, match=r"transaction\.atomic"):
        services.append(actor="a", subject="s", event=ThingDone())
    with pytest.raises(TransactionManagementError, match=r"outbox\.ring"):
        outbox.ring("a.task", "1")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("actor", "subject"), [("", "s"), ("a", ""), ("Ann Lee", "s"), ("a", "x@y")]
)
def test_names_and_addresses_are_refused_as_actor_or_subject(actor: str, subject: str):
    with pytest.raises(EventRefusedError, match="statement"), transaction.atomic():
        services.append(actor=actor, subject=subject, event=ThingDone())
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_a_statement_stands_beside_its_entry_and_only_its_commitment_in_it(write):
    entry = write(statement="Ann Lee said yes.")
    kept = Statement.objects.get(entry=entry)
    assert kept.text == "Ann Lee said yes."
    salted = hashlib.sha256(bytes.fromhex(kept.salt) + kept.text.encode()).hexdigest()
    assert entry.codes["statement"] == salted
    assert "Ann" not in entry.data


@pytest.mark.django_db
def test_an_erased_statement_leaves_no_text_and_no_salt_and_an_entry_that_says_so(write):
    entry = write(statement="Ann Lee said yes.")
    with transaction.atomic():
        told = services.erase_statement(actor="user:2", entry=entry)
    kept = Statement.objects.get(entry=entry)
    assert (kept.text, kept.salt) == ("", "")
    assert kept.erased_at == told.at
    assert (told.kind, told.codes) == ("statement.erased", {"entry": str(entry.pk)})
    assert told.previous == entry.digest
    with pytest.raises(services.NothingToEraseError), transaction.atomic():
        services.erase_statement(actor="user:2", entry=entry)


@pytest.mark.django_db
def test_the_database_refuses_half_an_erasure(write):
    entry = write(statement="words")
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.filter(entry=entry).update(erased_at=entry.at)


@pytest.mark.django_db
def test_ringing_twice_leaves_one_doorbell_that_knows_of_the_second_ring():
    outbox.ring("a.task", "1")
    before = Doorbell.objects.get()
    outbox.ring("a.task", "1")
    outbox.ring("a.task", "2")
    assert Doorbell.objects.count() == 2
    assert Doorbell.objects.get(object_id="1").ring != before.ring
