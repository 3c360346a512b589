"""Names, addresses, delegations and their ends over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command

from provenance.attribution.contacts import text_of
from provenance.models import Contact, ContactCode, Delegation
from tests.provenance.records import client_of

if TYPE_CHECKING:
    from tests.provenance.rights import Rights

pytestmark = pytest.mark.django_db


def test_names_are_given_listed_and_ended(rights: Rights, stranger):
    url = f"/api/v1/parties/{rights.maren.pk}/names/"
    artist, body = client_of(rights.artist), {"text": "Sol", "kind": "pen-name"}
    assert client_of(stranger).post(url, body).status_code == 403
    assert artist.post(url, body | {"kind": "title"}).status_code == 400
    made = artist.post(url, body).json()
    assert client_of(stranger).get(url).json() == [made]
    assert artist.post(f"{url}{made['id']}/end/", {}).status_code == 400
    assert artist.post(f"{url}{made['id']}/end/", {"reason": "Sold."}).status_code == 204
    assert artist.get(url).json() == []


def test_an_address_from_giving_it_to_its_end(rights: Rights, stranger, reviewer):
    url = f"/api/v1/parties/{rights.maren.pk}/contacts/"
    body = {"kind": "email", "value": "me@solvik.example"}
    client = client_of(stranger)
    one = f"/api/v1/contacts/{client.post(url, body).json()['id']}/"
    assert client.post(one + "code/").status_code == 202
    code = text_of(ContactCode.objects.get())
    assert client.post(one + "answer/", {"code": "x"}).status_code == 409
    answer = client.post(one + "answer/", {"code": code}).json()
    assert answer["level"] == "self_declared"
    assert "by another way" in answer["warning"]
    check = {"level": "contact_confirmed", "note": "Called her."}
    assert client.post(one + "check/", check).status_code == 403
    checked = client_of(reviewer).post(one + "check/", check).json()
    assert (checked["level"], checked["warning"]) == ("contact_confirmed", "")
    assert client_of(rights.artist).post(one + "end/").status_code == 204


def test_each_account_has_its_own_token_for_a_domain(rights: Rights, stranger):
    domain = Contact.objects.create(party=rights.maren, kind="domain", value="solvik.example")
    url = f"/api/v1/contacts/{domain.pk}/token/"
    tokens = {client_of(user).get(url).json()["token"] for user in (stranger, rights.artist)}
    assert len(tokens) == 2
    assert client_of(stranger).post(f"/api/v1/contacts/{domain.pk}/code/").status_code == 400


def test_delegations_are_declared_listed_and_ended(rights: Rights, stranger):
    url = f"/api/v1/parties/{rights.maren.pk}/delegations/"
    body = {
        "agent": str(rights.lantern.pk), "role": "estate", "actions": ["train"],
        "territories": ["DE"], "ends": "2040-01-01",
    }  # fmt: skip
    assert client_of(stranger).post(url, body).status_code == 403
    made = client_of(rights.artist).post(url, body).json()
    assert (made["level"], made["territories"], made["ends"]) == (
        "document_checked", ["DE"], "2040-01-01",
    )  # fmt: skip
    assert client_of(stranger).get(url).json() == [made]
    ended = client_of(rights.studio).post(f"/api/v1/delegations/{made['id']}/end/").json()
    assert ended["ended_at"]
    assert not Delegation.objects.filter(ended_at=None).exists()


def test_an_operator_links_to_the_party_that_a_merged_name_leads_to(rights: Rights, stranger):
    rights.lantern.merged.create(name="Old Lantern", kind="organisation")
    call_command("link_party", "stranger", "Old Lantern", level="document_checked")
    assert rights.lantern.members.filter(user=stranger, level=2).exists()
