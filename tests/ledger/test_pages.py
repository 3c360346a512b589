"""The API and the pages, as an outsider without an account sees them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.template import engines
from django.urls import include, path
from drf_spectacular.generators import SchemaGenerator

from ledger import merkle, rules, sequencer, services

if TYPE_CHECKING:
    from ledger.models import Entry

API = "/api/v1/ledger/"
pytestmark = pytest.mark.django_db


urlpatterns = [  # where config.urls includes them
    path("ledger/", include("ledger.urls")),
    path("tree-heads/", include("ledger.urls_tree_heads")),
    path("api/v1/ledger/", include("ledger.urls_api")),
]


@pytest.fixture(autouse=True)
def urls(settings, tmp_path):
    settings.ROOT_URLCONF = __name__
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def entries(write) -> list[Entry]:
    """Four numbered entries on two subjects and one that waits."""
    written = [write(f"thing:{n % 2}", statement="Ann Lee said yes.") for n in range(4)]
    sequencer.sequence(2)
    sequencer.sequence()
    return [*written, write("thing:0")]


def get(client, where: str, status: int = 200):
    answer = client.get(API + where)
    assert answer.status_code == status, answer.content
    return answer.json()


def test_entries_come_in_the_order_of_the_log_by_subject_kind_and_cursor(client, entries):
    page = get(client, "entries/?limit=3")
    assert [row["leaf"] for row in page["results"]] == [0, 1, 2]
    assert page["next_after"] == 2
    assert get(client, "entries/?after=2")["results"][0]["id"] == str(entries[3].pk)
    assert [r["leaf"] for r in get(client, "entries/?subject=thing:1")["results"]] == [1, 3]
    assert get(client, "entries/?kind=thing.lost") == {"results": [], "next_after": None}
    get(client, "entries/?after=x", 400)
    get(client, "entries/?limit=1000", 400)


def test_an_outsider_can_check_an_entry_from_what_the_api_gives(client, entries):
    row = get(client, f"entries/{entries[2].pk}/")
    leaf, erased_at = row.pop("leaf"), row.pop("erased_at")
    assert erased_at is None
    digest = row.pop("digest")
    assert rules.entry_digest(row) == digest
    proof = get(client, f"entries/{entries[2].pk}/proof/")
    hashes = [bytes.fromhex(step) for step in proof["path"]]
    head = proof["tree_head"]
    assert (proof["leaf"], proof["leaf_hash"], head["size"]) == (leaf, digest, 4)
    root = bytes.fromhex(head["root"])
    assert merkle.verify_inclusion(bytes.fromhex(digest), leaf, 4, hashes, root)
    latest, first = get(client, "tree-heads/")
    assert latest == head == get(client, "tree-heads/latest/")
    assert get(client, "tree-heads/?before=4") == [first]
    steps = get(client, "consistency/?first=2&second=4")["path"]
    hashes = [bytes.fromhex(step) for step in steps]
    assert merkle.verify_consistency(2, 4, hashes, bytes.fromhex(first["root"]), root)


def test_what_is_not_there_yet_is_404_and_a_tree_too_large_is_refused(client, entries):
    assert get(client, f"entries/{entries[4].pk}/")["leaf"] is None
    get(client, f"entries/{entries[4].pk}/proof/", 404)
    get(client, f"entries/{uuid.uuid4()}/", 404)
    get(client, "consistency/?first=1&second=5", 400)
    get(client, "consistency/?first=3&second=2", 400)
    get(client, "consistency/?first=0&second=2", 400)


def test_an_empty_log_has_no_tree_head(client):
    get(client, "tree-heads/latest/", 404)
    assert get(client, "tree-heads/") == []


def test_nothing_can_be_written_and_no_statement_is_given(client, entries, base):
    for where in ("entries/", f"entries/{entries[0].pk}/", "tree-heads/"):
        assert client.post(API + where).status_code == 405
        assert b"Ann Lee" not in client.get(API + where).content
    assert b"Ann Lee" not in client.get(f"/ledger/{entries[0].pk}/").content


def test_the_schema_can_be_made_without_a_warning(capsys):
    schema = SchemaGenerator().get_schema(request=None, public=True)
    assert f"{API}entries/{{id}}/proof/" in schema["paths"]
    assert capsys.readouterr().err == ""


@pytest.fixture(name="base")
def base_(settings, tmp_path):
    """The page's frame belongs to `web`: any that has the two blocks will do."""
    (tmp_path / "base.html").write_text(
        "<title>{% block title %}{% endblock %}</title>{% block main %}{% endblock %}"
    )
    templates = settings.TEMPLATES[0]
    settings.TEMPLATES = [
        templates
        | {
            "DIRS": [tmp_path, *templates["DIRS"]],
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    ]
    assert engines.all()


def test_the_page_lists_newest_entries_in_plain_words(client, entries, base):
    page = client.get("/ledger/").content.decode()
    assert "Thing done" in page
    assert page.count("waiting") == 1
    assert "5 entries, newest first" in page
    one = client.get("/ledger/?subject=thing:1&kind=thing.done").content.decode()
    assert "2 entries" in one
    assert "No entry fits" in client.get("/ledger/?subject=x").content.decode()


def test_a_long_list_has_pages_that_keep_the_filter(client, write, base):
    for _ in range(51):
        write()
    page = client.get("/ledger/?subject=thing:1").content.decode()
    assert "Page 1 of 2" in page
    assert "?subject=thing%3A1&amp;page=2" in page


def test_an_entrys_page_shows_its_proof_or_that_it_waits(client, entries, base):
    page = client.get(f"/ledger/{entries[2].pk}/").content.decode()
    assert f"/ledger/{entries[0].pk}/" in page
    assert "number 2 of the 4" in page
    assert entries[2].digest in page
    assert "commitment" in page
    waiting = client.get(f"/ledger/{entries[4].pk}/").content.decode()
    assert "waits for its number" in waiting
    assert client.get(f"/ledger/{uuid.uuid4()}/").status_code == 404


def test_an_empty_ledger_has_a_page_that_says_so(client, base):
    assert "Nothing has happened yet" in client.get("/ledger/").content.decode()


def test_tree_heads_are_public_cacheable_and_what_the_verifiers_take(client, entries):
    latest = client.get("/tree-heads/")
    assert latest.json() == get(client, "tree-heads/latest/")
    assert latest["Cache-Control"] == "public, max-age=2"
    first = client.get("/tree-heads/2/")
    assert first.json()["size"] == 2
    assert "immutable" in first["Cache-Control"]
    again = client.get("/tree-heads/2/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert client.get("/tree-heads/3/").status_code == 404
    assert client.post("/tree-heads/").status_code == 405


def test_before_the_first_entry_there_is_no_tree_head_to_publish(client):
    assert client.get("/tree-heads/").status_code == 404


def test_an_erasure_is_told_on_the_page_and_in_the_api_and_the_proof_stays(client, entries, base):
    with transaction.atomic():
        told = services.erase_statement(actor="user:2", entry=entries[2])
    row = get(client, f"entries/{entries[2].pk}/")
    assert row["erased_at"] == rules.timestamp(told.at)
    assert get(client, "entries/?after=1&limit=1")["results"][0]["erased_at"] == row["erased_at"]
    page = client.get(f"/ledger/{entries[2].pk}/").content.decode()
    assert "Erased at" in page
    assert "Erased at" not in client.get(f"/ledger/{entries[1].pk}/").content.decode()
    proof = get(client, f"entries/{entries[2].pk}/proof/")
    hashes = [bytes.fromhex(step) for step in proof["path"]]
    root = bytes.fromhex(proof["tree_head"]["root"])
    assert merkle.verify_inclusion(bytes.fromhex(row["digest"]), 2, 4, hashes, root)
