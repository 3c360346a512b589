"""A party's page, as a stranger, a member and an operator see and use it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.test import Client

from provenance.attribution import tasks
from provenance.attribution.contacts import add_contact
from provenance.attribution.merging import merge_parties
from provenance.models import (
    Contact,
    ContactCode,
    Delegation,
    Level,
    Party,
    PartyMember,
    PartyName,
    Work,
)
from provenance.templatetags.terms import titles
from tests.provenance.records import actor

if TYPE_CHECKING:
    from tests.provenance.rights import Rights

pytestmark = pytest.mark.django_db


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user, party: Party) -> str:
    return browser(user).get(f"/parties/{party.pk}/").content.decode()


def act(who, party: Party, form: str, **sent) -> str:
    """Post one of the page's forms; what the page says then."""
    address = f"/parties/{party.pk}/{form}/"
    shown = browser(who).post(address, sent, follow=True).content.decode()
    return re.sub(r"\s+", " ", shown)


def test_somebody_new_begins_by_saying_whose_pictures_they_bring(stranger):
    client = browser(stranger)
    assert "/works/protected/" in client.get("/").content.decode()
    for begins in ("/works/protected/", "/works/claims/", "/consent/reservations/"):
        assert 'action="/parties/new/"' in client.get(begins).content.decode()
    sent = {"kind": "person", "name": "Ada  Brook"}
    shown = client.post("/parties/new/", sent, follow=True).content.decode()
    assert "you speak for Ada Brook. Now add pictures" in shown
    assert 'id="id_file"' in shown
    member = PartyMember.objects.get(user=stranger, party__name="Ada Brook")
    assert (member.level, member.party.level, member.party.kind) == (0, 0, "person")
    assert client.post("/parties/new/", {"kind": "person", "name": " "}).status_code == 400


def test_nobody_joins_a_party_that_is_there_by_giving_its_name(rights: Rights, stranger):
    sent = {"kind": "organisation", "name": "Lantern Films"}
    shown = browser(stranger).post("/parties/new/", sent, follow=True).content.decode()
    assert "Lantern Films is on record already" in shown
    assert "Say that I speak for it" in shown
    assert not PartyMember.objects.filter(user=stranger).exists()


def test_a_stranger_sees_names_and_delegates_but_no_address_and_no_account(
    rights: Rights, stranger
):
    PartyName.objects.create(party=rights.lantern, text="Lanterna", kind="brand")
    Contact.objects.create(party=rights.lantern, kind="email", value="rights@lantern.example")
    Delegation.objects.create(principal=rights.lantern, agent=rights.maren, role="agent")
    seen = page(stranger, rights.lantern)
    assert "Lanterna (brand)" in seen
    assert "Maren Solvik</a> for" in seen
    assert "rights@lantern.example" not in seen
    assert "<td>studio</td>" not in seen
    known = page(rights.studio, rights.lantern)
    assert "rights@lantern.example" in known
    assert "<td>studio</td>" in known
    assert "Work 1.png" in known


def test_somebody_becomes_known_by_the_mail_of_an_address_on_record(rights: Rights, stranger):
    add_contact(
        actor=actor(rights.operator), party=rights.maren, kind=Contact.Kind.EMAIL,
        value="maren@solvik.example",
    )  # fmt: skip
    sent = {"kind": "email", "value": "Maren@Solvik.example"}
    assert "A code was mailed there" in act(stranger, rights.maren, "add-contact", **sent)
    tasks.send_code(str(ContactCode.objects.get().pk))
    code = re.search(r"^    (\w+)$", mail.outbox[0].body, re.MULTILINE)
    assert code is not None
    value = "maren@solvik.example"
    wrong = act(stranger, rights.maren, "answer", value=value, code="no")
    nobody = act(stranger, rights.maren, "answer", value="x@solvik.example", code="no")
    assert "This code is wrong" in wrong
    assert "This code is wrong" in nobody
    said = act(stranger, rights.maren, "answer", value=value, code=code[1])
    assert "you are known by it" in said
    assert PartyMember.objects.get(user=stranger).level == Level.CONTACT_CONFIRMED


def test_a_member_names_delegates_and_signs_and_takes_it_back(rights: Rights, stranger):
    lantern = rights.lantern
    assert "name is on record" in act(
        rights.studio, lantern, "add-name", text="Lanterna", kind="brand"
    )
    name = PartyName.objects.get()
    assert "no longer used" in act(rights.studio, lantern, "end-name", name=name.pk, reason="Sold.")
    sent = {"agent": "Maren Solvik", "role": "agent", "actions": ["train"], "territories": "DE, FR"}
    assert "Maren Solvik decides for Lantern" in act(rights.studio, lantern, "delegate", **sent)
    made = Delegation.objects.get()
    assert made.territories == ["DE", "FR"]
    unknown = act(rights.studio, lantern, "delegate", **sent | {"agent": "Nobody"})
    assert "Nobody of this name" in unknown
    assert "has ended" in act(rights.studio, lantern, "end-delegation", delegation=made.pk)
    PartyMember.objects.create(party=lantern, user=stranger, level=1, may_sign=False)
    assert "may sign now" in act(
        rights.studio, lantern, "signatory", user=stranger.pk, may_sign="yes"
    )


def test_claims_and_addresses_over_the_page(rights: Rights, stranger):
    assert "you say so" in act(stranger, rights.maren, "claim")
    added = act(stranger, rights.maren, "add-contact", kind="phone", value="+4930123456")
    assert "self-declared" in added
    mine = Contact.objects.get()
    assert "no longer used" in act(stranger, rights.maren, "end-contact", contact=mine.pk)


def test_a_reviewer_checks_whose_an_address_is_where_it_stands(rights: Rights, stranger, reviewer):
    add_contact(
        actor=actor(stranger), party=rights.maren, kind=Contact.Kind.EMAIL, value="maren@x.example"
    )
    address = f"/parties/{rights.maren.pk}/check-contact/"
    assert address in page(reviewer, rights.maren)
    assert address not in page(stranger, rights.maren)
    sent = {"contact": Contact.objects.get().pk, "level": 1, "note": "Telephoned her."}
    assert "contact confirmed now" in act(reviewer, rights.maren, "check-contact", **sent)
    assert Contact.objects.get().level == Level.CONTACT_CONFIRMED
    assert browser(reviewer).post(address, sent | {"level": "x"}).status_code == 404
    assert browser(stranger).post(address, sent).status_code == 403


def test_what_is_no_form_no_id_or_not_allowed_is_refused(rights: Rights, stranger):
    client, address = browser(stranger), f"/parties/{rights.maren.pk}/"
    assert client.post(address + "explode/").status_code == 404
    assert client.post(address + "end-contact/", {"contact": "x"}).status_code == 404
    sent = {"text": "M", "kind": "alias"}
    assert client.post(address + "add-name/", sent).status_code == 403
    assert client.get(address + "claim/").status_code == 405
    assert Client().get(address).status_code == 302


def test_a_merged_partys_page_is_that_of_the_kept_one(rights: Rights):
    double = Party.objects.create(name="Lantern", kind="organisation")
    merge_parties(actor=actor(rights.operator), keep=rights.lantern, merged=double, reason="Same.")
    answer = browser(rights.applicant).get(f"/parties/{double.pk}/")
    assert answer["Location"] == f"/parties/{rights.lantern.pk}/"


def test_a_title_that_several_works_have_stands_there_once_with_their_number(rights: Rights):
    Work.objects.update(title="Harbour")
    seen = page(rights.studio, rights.lantern)
    assert "Harbour</a> (2 works)" in seen
    assert seen.count("Harbour") == 1
    assert all(f"/works/{work.pk}/" in seen for work in rights.works)
    assert titles(rights.works) == "Work 1.png, Work 2.png"
    assert titles([*Work.objects.all()]) == "Harbour (2 works)"
