"""Users get another name: their own proven one, or a free one; old addresses lead on."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts.actors import Actor
from accounts.errors import InvalidError, RefusedError
from config.usernames import validators
from provenance.models import Level, Party, PartyMember
from registry.release.owners import not_a_former_owner, rename_owner
from tests.registry import records


@pytest.fixture
def mirelle(db):
    return Party.objects.create(
        kind="person", name="Mirelle Okonvask", level=Level.DOCUMENT_CHECKED
    )


def test_a_persons_name_is_given_to_that_person_once_their_identity_is_checked(
    client, mirelle, owner, released
):
    client.force_login(owner)
    url, body = "/api/v1/owners/quayside/rename/", {"username": "mirelle-okonvask"}
    refused = client.post(url, body, "application/json").json()
    assert refused["code"] == "name_protected"
    member = PartyMember.objects.create(party=mirelle, user=owner)  # who only says so
    assert client.post(url, body, "application/json").status_code == 409
    member.level = Level.DOCUMENT_CHECKED
    member.save()
    assert client.post(url, body, "application/json").status_code == 200
    moved = client.get("/quayside/lamp-lit-harbours")
    assert (moved.status_code, moved["Location"]) == (307, "/mirelle-okonvask/lamp-lit-harbours")
    file = client.get(f"/quayside/lamp-lit-harbours/resolve/{released.commit}/README.md")
    assert file.status_code == 307
    assert client.get(file["Location"]).status_code == 200


def test_nobody_takes_over_an_old_name_and_its_owner_can_come_back(owner, stranger, released):
    actor = Actor.of(owner)
    rename_owner(actor=actor, owner=owner, username="lamplight")
    with pytest.raises(RefusedError, match="somebody else's"):
        rename_owner(actor=Actor.of(stranger), owner=stranger, username="Quayside")
    assert not_a_former_owner in validators
    with pytest.raises(ValidationError):
        not_a_former_owner("quayside")
    rename_owner(actor=actor, owner=owner, username="quayside")
    released.model.refresh_from_db()
    assert released.model.former_names.get().owner == "lamplight"


@pytest.mark.parametrize("name", ["api", "a/b", "", "-x", "Catalogue", "x" * 97])
def test_what_is_no_address_is_refused(owner, name):
    with pytest.raises(InvalidError):
        rename_owner(actor=Actor.of(owner), owner=owner, username=name)


def test_only_oneself_or_an_operator(client, owner, stranger, reviewer, operator):
    for person in (stranger, reviewer):
        with pytest.raises(RefusedError) as refused:
            rename_owner(actor=Actor.of(person), owner=owner, username="other")
        assert refused.value.status == 403
    with pytest.raises(RefusedError, match="somebody else's"):
        rename_owner(actor=Actor.of(operator), owner=owner, username="STRANGER")
    rename_owner(actor=Actor.of(operator), owner=owner, username="other")
    assert records.User.objects.get(pk=owner.pk).username == "other"
