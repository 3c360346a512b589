from __future__ import annotations

import json

import pytest

from accounts.actors import Actor
from accounts.errors import RefusedError
from accounts.tokens import create_token
from registry.cards.selectors import signer
from registry.downloads import access
from registry.downloads.ledgers import receipts_of, revocations, uses_of
from registry.downloads.selectors import gate, terms_sha256
from registry.downloads.services import accept_terms
from registry.release import services
from registry.release.package import release_folder
from tools.verify_release import CANNOT_CHECK, CHANGED, VERIFIED, verify


@pytest.fixture
def by_approval(gated, owner):
    access.set_approval(actor=Actor.of(owner), model=gated.model, by_approval=True)
    return gated


def bearer(user):
    return {"Authorization": f"Bearer {create_token(user)}"}


def accept(user, revision):
    accept_terms(actor=Actor.of(user), revision=revision, terms_sha256=terms_sha256(revision))


def test_asked_rejected_with_a_reason_asked_again_approved(client, by_approval, owner, downloader):
    accept(downloader, by_approval)
    model, headers = by_approval.model, bearer(downloader)
    file = f"/{model}/resolve/{by_approval.commit}/README.md"
    api = f"/api/v1/models/{model}/access/"
    assert client.get(f"/api/models/{model}").json()["gated"] == "manual"
    assert "ask its owner" in client.get(file, headers=headers)["X-Error-Message"]
    first = client.post(api, {"purpose": "a book"}, headers=headers).json()
    assert first["state"] == "waiting"
    again = client.post(api, {"purpose": "a book"}, headers=headers).json()
    assert again["id"] == first["id"]
    decide = f"/api/v1/access-requests/{first['id']}/"
    assert client.post(f"{decide}approve/", headers=headers).status_code == 404
    mine = bearer(owner)
    assert client.post(f"{decide}reject/", headers=mine).status_code == 400
    client.post(f"{decide}reject/", {"reason": "Which book?"}, headers=mine)
    refused = client.get(file, headers=headers)
    assert (refused.status_code, refused["X-Error-Code"]) == (403, "GatedRepo")
    assert "Which book?" in refused["X-Error-Message"]
    assert client.get(api, headers=headers).json()["reason"] == "Which book?"
    second = client.post(api, {"purpose": "my book of harbours"}, headers=headers).json()
    client.post(f"/api/v1/access-requests/{second['id']}/approve/", headers=mine)
    assert client.get(file, headers=headers).status_code == 200


def test_the_terms_come_before_the_request(by_approval, downloader):
    assert gate(Actor.of(downloader), by_approval) == "accept"
    accept(downloader, by_approval)
    assert gate(Actor.of(downloader), by_approval) == "ask"


def test_an_open_model_needs_nobodys_approval(released, owner, downloader):
    with pytest.raises(RefusedError, match="open to everybody"):
        access.set_approval(actor=Actor.of(owner), model=released.model, by_approval=True)
    with pytest.raises(RefusedError, match="Nobody needs"):
        access.ask(actor=Actor.of(downloader), model=released.model, purpose="x")


def test_nobody_else_sees_or_decides_requests(client, by_approval, downloader, stranger):
    access.ask(actor=Actor.of(downloader), model=by_approval.model, purpose="x")
    assert client.get("/api/v1/access-requests/", headers=bearer(stranger)).json() == []
    answer = client.get(f"/api/v1/models/{by_approval.model}/access/", headers=bearer(stranger))
    assert answer.status_code == 404


def test_a_person_reads_their_own_receipts_and_a_holder_reads_counts(
    client, gated, downloader, studio
):
    accept(downloader, gated)
    client.get(f"/{gated.model}/resolve/{gated.commit}/README.md", headers=bearer(downloader))
    (receipt,) = receipts_of(downloader)
    assert (receipt["commit"], receipt["terms_sha256"]) == (gated.commit, terms_sha256(gated))
    (use,) = uses_of(studio)
    assert (use["acceptances"], use["people_who_downloaded"]) == (1, 1)
    assert use["accounts"] == []  # these terms do not say that names are told
    assert uses_of(downloader) == []
    assert "downloader" not in json.dumps(
        client.get("/api/v1/uses/", headers=bearer(studio)).json()
    )


def test_the_verifier_believes_only_its_signers_list_of_what_has_ended(released, reviewer):
    folder, pinned = release_folder(released.commit), frozenset({signer()})
    before = json.dumps(revocations()).encode()
    assert verify(folder, pinned, before).code == VERIFIED
    services.quarantine(actor=Actor.of(reviewer), revision=released, reason="A complaint.")
    ended = revocations()
    report = verify(folder, pinned, json.dumps(ended).encode())
    assert (report.code, report.withdrawn is not None) == (CHANGED, True)
    forged = ended | {"signed": ended["signed"].replace(released.commit, "0" * 40)}
    assert verify(folder, pinned, json.dumps(forged).encode()).code == CANNOT_CHECK
    assert verify(folder, pinned, b"[]").code == CANNOT_CHECK


def test_the_list_of_what_has_ended_is_public(client, released):
    assert set(client.get("/api/v1/revocations/").json()) == {"signed", "key", "signature"}
