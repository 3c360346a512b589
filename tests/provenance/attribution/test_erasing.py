"""A person asks, an operator erases: the words go, what happened stays provable."""

from __future__ import annotations

import hashlib
import io
import json

import pytest
from django.apps import apps
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
from provenance.models import Contact, Evaluation, FactsRecord, Party, PartyName, TitleLink
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


KEPT = {  # the party's own record, works' titles, and what only operators write
    "accounts.User", "account.EmailAddress", "provenance.Party", "provenance.PartyName",
    "provenance.Contact", "provenance.CreditChoice",
}  # fmt: skip


def mentioning(*words: str) -> set[str]:
    """Every column of every table in which one of the words stands."""
    found = set()
    for model in apps.get_models():
        if model._meta.label in KEPT:
            continue
        for row in model._default_manager.values():
            for column, value in row.items():
                text = json.dumps(value, default=str, ensure_ascii=False).casefold()
                if any(word.casefold() in text for word in words):
                    found.add(f"{model._meta.label}.{column}")
    return found


def test_no_name_or_address_is_found_in_any_record_afterwards(rights, operator, reviewer):
    maren, words = rights.maren, ("Maren Solvik", "maren@solvik.example", "artist@example.org")
    told = "Maren Solvik, maren@solvik.example"
    Contact.objects.create(party=maren, kind="email", value="maren@solvik.example", level=1)
    TitleLink.objects.create(work=rights.works[0], party=maren, level=0)
    applicant, studio = records.client_of(rights.applicant), records.client_of(rights.studio)
    sets = f"{API}image-sets/{rights.image_set.pk}/"
    asked = {"image_set": str(rights.image_set.pk), "party": str(maren.pk), "model_name": "lamps"}
    asked |= {"purpose": f"after {told}", "message": f"Dear {told}"}
    ask = applicant.post(f"{API}asks/", asked).json()
    item = f"{sets}images/{rights.items[0].pk}/"
    assert applicant.patch(item, {"collector": told}).status_code == 200
    hand = {"who": told, "note": told}
    assert applicant.post(f"{item}custody/", hand).status_code in (200, 201)
    artist = records.client_of(rights.artist)
    assert artist.post(f"{API}asks/{ask['id']}/refuse/", {"note": f"No. {told}"}).status_code == 200
    reserved = {"party": str(maren.pk), "statement": f"Mine alone. {told}"}
    assert artist.post(f"{API}reservations/", reserved).status_code == 201
    work = f"{API}works/{rights.works[1].pk}/"
    claim = {"party": str(maren.pk), "statement": told}
    assert artist.post(f"{work}disputes/", claim).status_code == 201
    titled(rights.studio, f"Deed of {told}")
    assert applicant.post(f"{sets}verdict/").json()["outcome"] == "blocked"
    supposed = {"grants": [{"party": str(maren.pk)}]}
    assert "Maren Solvik" in applicant.post(f"{sets}what-if/", supposed).content.decode()
    assert applicant.post(f"{sets}verdict/").status_code == 201
    assert len(mentioning(*words)) > 10
    assert records.client_of(operator).post(f"{API}parties/{maren.pk}/erase/").status_code == 200
    left = mentioning(*words)
    now = {"provenance.Evaluation.findings", "provenance.FactsRecord.body"}
    assert left <= now, left - now  # what holds now is said from the records
    assert Evaluation.objects.filter(standing=None, findings__icontains="Maren").count() == 0
    facts = FactsRecord.objects.get(evaluation__standing__isnull=False)
    guess = facts.body.replace(json.loads(facts.body)["salt"], "")
    assert hashlib.sha256(guess.encode()).hexdigest() != facts.digest
    assert hashlib.sha256(facts.body.encode()).hexdigest() == facts.digest
    assert studio.get(f"{API}grants/").status_code == 200


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
