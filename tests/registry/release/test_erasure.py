"""A whole story of records, then an erasure: no name and no address is left where it must not be.

"Where" is what outlives people: the ledger, the signed manifest and a download's receipt.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest

from accounts.actors import SYSTEM, Actor
from accounts.models import User
from ledger import rules, sequencer
from ledger.models import Entry, Statement
from ledger.selectors import tree_head
from ledger.verification import verify_ledger
from provenance.attribution.erasing import erase_party
from provenance.attribution.evidence import check_evidence, submit_evidence
from provenance.attribution.parties import register_party
from provenance.attribution.services import declare
from provenance.consent import services as consent
from provenance.models import Level, Party, PartyName
from registry.downloads.selectors import terms_sha256
from registry.downloads.services import accept_terms
from tests.registry import records

CREATOR, PEN_NAME = "Ottilie Brandvold", "Mothwing"
ADDRESS = "ottilie@brandvold.example"


def told_of_her(owner: User, reviewer: User) -> Party:
    """The creator is registered, evidenced, declared, asked, and refuses and reserves."""
    mine = Actor.of(owner)
    her = register_party(actor=mine, name=CREATOR, kind=Party.Kind.PERSON)
    PartyName.objects.create(party=her, text=PEN_NAME)
    account = User.objects.create_user("ottilie", ADDRESS, "pass-word-9")
    consent.confirm_member(actor=SYSTEM, party=her, user=account, level=Level.SIGNED)
    deed = submit_evidence(actor=mine, data=b"deed", title=f"Deed of {CREATOR}, {ADDRESS}")
    check_evidence(
        actor=Actor.of(reviewer), evidence=deed, identity=Level.SIGNED, title=Level.SIGNED,
        note=f"Called {CREATOR.upper()}.", citations=deed.citations,
    )  # fmt: skip
    other, _ = records.make_set(owner, f"by {PEN_NAME}", [71])
    item = other.items.get()
    declare(actor=mine, image_set=other, changes={item.pk: {"title": f"{PEN_NAME} at night"}})
    item.refresh_from_db()
    work = item.work
    work.creators.add(her)
    hers = Actor.of(account)
    consent.reserve(actor=hers, party=her, work=work, statement=f"I, {CREATOR}, object.")
    ask = consent.ask_party(
        actor=mine, image_set=other, party=her, purpose=f"Learn from {CREATOR}", model_name="moths"
    )
    consent.refuse(actor=hers, ask=ask, note=f"No. Write to {ADDRESS}.")
    return her


@pytest.fixture
def story(owner, reviewer, studio, base, downloader):
    """A gated model that rests on a studio's grant, its creator told of wherever one can."""
    image_set, party = records.make_set(owner, "granted harbours", range(11, 15))
    her = told_of_her(owner, reviewer)
    for item in image_set.items.all():
        item.work.creators.set([her])
    records.grant_set(party, studio)
    run = records.approved_run(owner, reviewer, image_set, base, gated=True)
    records.finish(run)
    revision = records.release(owner, run)
    accept_terms(actor=Actor.of(downloader), revision=revision, terms_sha256=terms_sha256(revision))
    sequencer.sequence()
    return revision


def dictionary() -> dict[str, str]:
    """Every name and address on record by each form of it that one would try."""
    words = {*Party.objects.values_list("name", flat=True)}
    words |= {*PartyName.objects.values_list("text", flat=True)}
    words |= {*User.objects.values_list("email", flat=True)}
    plain = {form: word for word in words for form in (word, word.lower())}
    hashed = {hashlib.sha256(form.encode()).hexdigest(): word for form, word in plain.items()}
    return plain | hashed


def values(body: object) -> set[str]:
    """Every text in a JSON document, names of fields included."""
    if isinstance(body, dict):
        return set(body).union(*map(values, body.values()))
    if isinstance(body, list):
        return set().union(*map(values, body))
    return {body} if isinstance(body, str) else set()


def what_stays(client, revision, downloader) -> dict[str, str]:
    """The documents that outlive people, as they are given out, by what they are."""
    entries, after = [], -1
    while after is not None:
        page = client.get(f"/api/v1/ledger/entries/?limit=200&after={after}").json()
        entries, after = entries + page["results"], page["next_after"]
    assert len(entries) == Entry.objects.count()
    client.force_login(downloader)
    answer = client.get(f"/catalogue/{revision.pk}/download.zip")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    (manifest,) = [n for n in archive.namelist() if n.endswith("provenance/manifest.json")]
    receipt = archive.read("receipt.txt").decode()
    return {
        "ledger": json.dumps(entries, ensure_ascii=False),
        "manifest": archive.read(manifest).decode(),
        "receipt": json.dumps([*receipt.split(), *receipt.splitlines(), receipt]),
    }


def test_after_an_erasure_no_name_and_no_address_is_in_ledger_manifest_or_receipt(
    client, story, downloader
):
    before = tree_head()
    said = Statement.objects.filter(text__icontains="Brandvold").select_related("entry")
    salted = [(s.entry.codes["statement"], s.salt, s.text) for s in said]
    assert len(salted) >= 6
    assert all(rules.commitment(salt, text) == kept for kept, salt, text in salted)
    for party in Party.objects.all():
        erase_party(actor=SYSTEM, party=party)
    while sequencer.sequence():
        pass

    words = dictionary()
    assert {CREATOR, PEN_NAME, ADDRESS} <= set(words)
    for what, text in what_stays(client, story, downloader).items():
        found = {words[value] for value in values(json.loads(text)) & set(words)}
        assert found == set(), what
        assert {word for form, word in words.items() if form in text} == set(), what

    left = {*Statement.objects.values_list("salt", flat=True)}
    assert not left & {salt for _, salt, _ in salted}
    assert not Statement.objects.filter(text__icontains="Brandvold").exists()
    assert not Statement.objects.filter(text__icontains=PEN_NAME).exists()
    verify_ledger({before.key})
    for kept, _, _ in salted:  # what was committed to is still there, and provable
        assert any(kept in e.data and e.leaf.index < before.size for e in Entry.objects.all())
