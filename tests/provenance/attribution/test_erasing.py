"""A person asks, an operator erases: the words go, what happened stays provable."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from accounts.actors import SYSTEM, Actor
from ledger import sequencer
from ledger.models import Entry, Statement
from ledger.selectors import entries_of, tree_head
from ledger.verification import verify_ledger
from provenance.attribution import erasing
from provenance.attribution.evidence import submit_evidence
from provenance.attribution.parties import register_party
from provenance.consent.services import give_grant, revoke_grant
from provenance.models import Party, PartyName
from tests.provenance import records
from tests.provenance.rights import TERMS

API = "/api/v1/"


@pytest.fixture(autouse=True)
def _keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"


@pytest.fixture
def ann(owner) -> Party:
    party = register_party(actor=Actor.of(owner), name="Ann Lée", kind=Party.Kind.PERSON)
    PartyName.objects.create(party=party, text="Al")
    return party


def titled(owner, title: str) -> Entry:
    data = title.encode() + b" signed this."
    evidence = submit_evidence(actor=Actor.of(owner), data=data, title=title)
    return entries_of(f"evidence:{evidence.pk}").get()


def live() -> list[str]:
    return sorted(Statement.objects.filter(erased_at=None).values_list("text", flat=True))


def test_every_statement_that_speaks_of_the_party_goes_and_no_other(owner, ann):
    gone = [titled(owner, t) for t in ("Deed of ANN LÉE", "From Ann  Le\u0301e, 1998", "By (Al)")]
    titled(owner, "Anna Léehmann also")
    assert erasing.erase_party(actor=SYSTEM, party=ann) == 4
    assert live() == ["Anna Léehmann also"]
    for entry in gone:
        statement = Statement.objects.get(entry=entry)
        assert (statement.text, statement.salt) == ("", "")
        assert statement.erased_at is not None


def test_the_ledger_stays_whole_and_tells_of_the_erasure(owner, ann):
    entry = titled(owner, "Deed of Ann Lée")
    erasing.erase_party(actor=SYSTEM, party=ann)
    sequencer.sequence()
    verify_ledger({tree_head().key})
    assert entries_of(entry.subject).last().kind == "statement.erased"
    last = entries_of(f"party:{ann.pk}").last()
    assert (last.kind, last.codes) == ("party.erased", {"statements": 2})


def test_what_the_party_said_itself_goes_even_where_it_names_nobody(rights):
    grant = give_grant(actor=Actor.of(rights.studio), party=rights.lantern, works=None, terms=TERMS)
    revoke_grant(actor=Actor.of(rights.studio), grant=grant, reason="I was ill at the time.")
    assert "I was ill at the time." in live()
    erasing.erase_party(actor=SYSTEM, party=rights.lantern)
    assert "I was ill at the time." not in live()


def test_a_person_asks_and_an_operator_carries_it_out(rights, operator, owner):
    titled(owner, "A letter of Maren Solvik")
    where = f"{API}parties/{rights.maren.pk}/"
    asked = records.client_of(rights.artist).post(f"{where}erasure/")
    assert asked.status_code == 202
    assert asked.json()["party"] == str(rights.maren.pk)
    again = records.client_of(rights.artist).post(f"{where}erasure/")
    assert again.json() == asked.json()
    assert "A letter of Maren Solvik" in live()
    client = records.client_of(operator)
    assert client.get(f"{API}erasures/").json() == [asked.json()]
    assert client.post(f"{where}erase/").json() == {"statements": 1}
    assert client.get(f"{API}erasures/").json() == []
    assert "A letter of Maren Solvik" not in live()


def test_a_stranger_can_neither_ask_nor_erase(rights, stranger, owner):
    entry = titled(owner, "A letter of Maren Solvik")
    client, where = records.client_of(stranger), f"{API}parties/{rights.maren.pk}/"
    assert client.post(f"{where}erasure/").status_code == 403
    assert client.post(f"{where}erase/").status_code == 403
    assert client.post(f"{API}ledger/entries/{entry.pk}/erase-statement/").status_code == 403
    assert client.get(f"{API}erasures/").status_code == 403
    assert records.client_of(rights.artist).post(f"{where}erase/").status_code == 403
    assert "A letter of Maren Solvik" in live()
    with pytest.raises(PermissionDenied):
        erasing.erase_party(actor=Actor.of(stranger), party=rights.maren)


def test_an_operator_erases_the_words_behind_one_entry_once(operator, owner):
    entry = titled(owner, "A letter with an address in it")
    client, where = records.client_of(operator), f"{API}ledger/entries/{entry.pk}/erase-statement/"
    assert client.post(where).status_code == 200
    assert live() == []
    refused = client.post(where)
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_erase")


def test_the_command_takes_an_id_or_a_name_and_refuses_to_guess(ann, owner):
    out = io.StringIO()
    call_command("erase_party", "Ann Lée", stdout=out)
    assert f"Erased 1 statements by or about party {ann.pk}" in out.getvalue()
    call_command("erase_party", str(ann.pk), stdout=out)
    with pytest.raises(CommandError, match="No party"):
        call_command("erase_party", "Nobody")
    Party.objects.create(name="Ann Lée", kind="person")
    with pytest.raises(CommandError, match=f"Several .*{ann.pk}"):
        call_command("erase_party", "Ann Lée")
