from __future__ import annotations

import io
import uuid
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.actors import Actor
from provenance.attribution.evidence import submit_evidence
from provenance.consent.services import ask_party
from provenance.models import Level, Party, PartyMember
from tests.provenance.records import a_set, client_of, picture

pytestmark = pytest.mark.django_db
API = "/api/v1/"


def sent(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def posted(client, path, **body):
    return client.post(API + path, body, format="multipart")


def test_a_set_is_made_filled_declared_and_judged(owner):
    client = client_of(owner)
    made = client.post(API + "image-sets/", {"name": "Harbours"})
    assert made.status_code == 201
    here = f"image-sets/{made.data['id']}/"
    added = posted(client, here + "images/", file=sent("cat.png", picture(1)))
    assert added.status_code == 201
    assert added.data["filename"] == "cat.png"
    assert len(added.data["sha256"]) == len(added.data["fingerprints"]["pdq"]) == 64
    assert set(added.data["fingerprints"]) == {"version", "pdq", "phash", "quality"}
    assert added.data["opt_outs"] == []
    assert added.data["embedded"]["creators"] == []
    changed = client.patch(
        f"{API}{here}images/{added.data['id']}/", {"holders": ["Ada"], "licence": "CC0-1.0"}
    )
    assert changed.data["statement"]["holders"] == ("Ada",)
    verdict = client.get(API + here + "verdict/").data
    assert verdict["outcome"] == "flagged"
    assert {f["code"] for f in verdict["findings"]} == {
        "custody_incomplete",
        "evidence_weak",
        "persons_undeclared",
    }
    assert list(verdict["pictures"]) == [added.data["id"]]
    assert client.get(API + here).data["pictures"] == 1
    assert client.get(API + here + "images/").data["count"] == 1
    assert client.delete(f"{API}{here}images/{added.data['id']}/").status_code == 204
    assert client.delete(API + here).status_code == 204


def test_an_archive_answers_for_each_file(owner):
    image_set, _ = a_set(owner)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("1.png", picture(1))
        archive.writestr("../2.png", picture(2))
    answer = posted(
        client_of(owner), f"image-sets/{image_set.pk}/images/", file=sent("a", packed.getvalue())
    )
    assert [item["filename"] for item in answer.data["accepted"]] == ["1.png"]
    assert [(one["filename"], one["code"]) for one in answer.data["refused"]] == [
        ("../2.png", "bad_path")
    ]


def test_refusals_are_problem_details_with_a_code(owner):
    image_set, _ = a_set(owner)
    client, here = client_of(owner), f"image-sets/{image_set.pk}/"
    text = posted(client, here + "images/", file=sent("cat.jpg", b"hello"))
    assert (text.status_code, text.data["code"]) == (400, "not_a_picture")
    assert text["Content-Type"] == "application/problem+json"
    assert posted(client, here + "images/").data["code"] == "file_missing"
    assert client.post(API + "image-sets/", {"name": ""}).status_code == 400


def test_a_stranger_finds_nothing(owner, stranger):
    image_set, (item,) = a_set(owner, 1)
    client, here = client_of(stranger), f"{API}image-sets/{image_set.pk}/"
    one = f"{here}images/{item.pk}/"
    found = [client.get(path) for path in (here, here + "images/", here + "verdict/", one)]
    found += [client.delete(here), client.delete(one), client.patch(one, {"title": "Mine"})]
    found += [client.patch(here, {"name": "Mine"})]
    for place in ("images/", "declarations/"):
        file = sent("1.png", picture(2))
        found.append(client.post(here + place, {"file": file}, format="multipart"))
    assert {answer.status_code for answer in found} == {404}
    assert client.get(API + "image-sets/").data["results"] == []
    assert APIClient().get(API + "image-sets/").status_code == 401


def test_a_reviewer_looks_and_does_not_touch(owner, reviewer):
    image_set, (item,) = a_set(owner, 1)
    client, here = client_of(reviewer), f"{API}image-sets/{image_set.pk}/"
    assert client.get(here + "images/").status_code == 200
    assert client.patch(f"{here}images/{item.pk}/", {"title": "X"}).status_code == 404
    assert client.delete(here).status_code == 404


def test_a_party_that_was_asked_looks_once_it_is_known_to_be_that_party(owner, stranger):
    image_set, (item,) = a_set(owner, 1)
    here = f"{API}image-sets/{image_set.pk}/images/{item.pk}/"
    client_of(owner).patch(here, {"holders": ["Ada"]})
    party = Party.objects.get(name="Ada")
    ask_party(actor=Actor.of(owner), image_set=image_set, party=party, purpose="A", model_name="B")
    client = client_of(stranger)
    client.post(f"{API}parties/{party.pk}/claim/")
    assert client.get(here).status_code == 404
    PartyMember.objects.update(level=Level.CONTACT_CONFIRMED)
    assert client.get(here).status_code == 200


def test_a_table_declares_by_file_name(owner):
    image_set, (one, _) = a_set(owner, 1, 2)
    evidence = submit_evidence(actor=Actor.of(owner), data=b"Yes.", title="Letter")
    table = f"path,title,holder,evidence\nsome/1.png,First,Ada; Bo,{evidence.pk}\n"
    path = f"image-sets/{image_set.pk}/declarations/"
    answer = posted(client_of(owner), path, file=sent("t.csv", table.encode()))
    assert answer.data == {"declared": 1, "unnamed": ["2.png"]}
    one.refresh_from_db()
    assert one.work.title == "First"
    assert {h.evidence for h in one.work.title_links.all()} == {evidence}


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (b"path,colour\n1.png,red\n", "unknown_column"),
        (b"title\nFirst\n", "missing_column"),
        (b"path\nnone.png\n", "unknown_file"),
        (b"path,evidence\n1.png,Letter\n", "unknown_evidence"),
        (b"path,path\n1.png,1.png\n", "double_column"),
        (b"\xff\xfe", "bad_table"),
    ],
)
def test_a_bad_table_is_refused_as_a_whole(owner, table, code):
    image_set, (item,) = a_set(owner, 1)
    path = f"image-sets/{image_set.pk}/declarations/"
    answer = posted(client_of(owner), path, file=sent("t.csv", table))
    assert (answer.status_code, answer.data["code"]) == (400, code)
    item.refresh_from_db()
    assert item.work is None


def test_evidence_is_sent_listed_and_checked_by_somebody_else(owner, stranger, reviewer):
    made = posted(client_of(owner), "evidence/", file=sent("yes.pdf", b"%PDF-1.7 yes"))
    assert (made.status_code, made.data["title_level"]) == (201, "self_declared")
    body = {"identity": "document_checked", "title": "signed", "note": "Read it."}
    body["citations"] = made.data["citations"]
    check = f"{API}evidence/{made.data['id']}/check/"
    assert client_of(stranger).post(check, body).status_code == 404
    assert client_of(owner).post(check, body).status_code == 403
    assert client_of(reviewer).post(check, body | {"title": "sure"}).status_code == 400
    checked = client_of(reviewer).post(check, body)
    assert (checked.data["identity_level"], checked.data["title_level"]) == (
        "document_checked",
        "signed",
    )
    assert client_of(stranger).get(API + "evidence/").data["count"] == 0
    assert client_of(owner).get(API + "evidence/").data["count"] == 1


def test_parties_works_and_licences_are_found(owner, stranger):
    client = client_of(owner)
    made = client.post(API + "parties/", {"kind": "person", "name": "Ada"})
    assert made.status_code == 201
    again = client.post(API + "parties/", {"kind": "person", "name": "Ada"})
    assert again.data["id"] == made.data["id"]
    assert client.get(API + "parties/?search=ad").data["count"] == 1
    assert client.get(f"{API}parties/{made.data['id']}/").data["level"] == "self_declared"
    assert client.get(API + "licences/").data["count"] >= 14
    image_set, (item,) = a_set(owner, 1)
    path = f"{API}image-sets/{image_set.pk}/images/{item.pk}/"
    work = client.patch(path, {"holders": ["Ada"]}).data["work"]
    assert client.get(f"{API}works/{work}/").data["holdings"][0]["party_name"] == "Ada"
    assert client_of(stranger).get(f"{API}works/{work}/").status_code == 404


def test_whoever_speaks_for_a_party_protects_self_declared(owner, stranger):
    client = client_of(owner)
    party = client.post(API + "parties/", {"kind": "person", "name": "Ada"}).data["id"]
    body = {"holder": party, "reference": "w-1"}
    assert posted(client, "protections/", file=sent("w.png", picture(1)), **body).status_code == 404
    client.post(f"{API}parties/{party}/claim/")
    made = posted(client, "protections/", file=sent("w.png", picture(1)), **body)
    assert (made.status_code, made.data["level"]) == (201, "self_declared")
    assert client.get(API + "protections/").data["count"] == 1
    assert client_of(stranger).get(API + "protections/").data["count"] == 0
    unknown = body | {"holder": uuid.uuid4()}
    lost = posted(client, "protections/", file=sent("w.png", picture(1)), **unknown)
    assert lost.status_code == 404
