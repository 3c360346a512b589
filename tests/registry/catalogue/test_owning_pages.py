from __future__ import annotations

import re

import pytest

from accounts.actors import Actor
from registry.downloads.selectors import terms_sha256
from registry.downloads.services import accept_terms
from registry.models import AccessRequest


def at(revision, name):
    return f"/catalogue/{revision.pk}/{name}/"


def test_an_owner_decides_on_the_page_and_the_person_reads_why(client, gated, owner, downloader):
    client.force_login(owner)
    client.post(at(gated, "approval"), {"by_approval": "yes"})
    accept_terms(actor=Actor.of(downloader), revision=gated, terms_sha256=terms_sha256(gated))
    client.force_login(downloader)
    assert "Ask for access" in client.get(f"/{gated.model}").content.decode()
    client.post(at(gated, "ask"), {"purpose": "<b>a book</b>"})
    assert "has not decided yet" in client.get(f"/{gated.model}").content.decode()
    client.force_login(owner)
    page = client.get(f"/{gated.model}").content.decode()
    assert "&lt;b&gt;a book" in page
    asked = AccessRequest.objects.get()
    client.post(f"/catalogue/access/{asked.pk}/", {"decision": "reject", "reason": "Which book?"})
    client.force_login(downloader)
    page = client.get(f"/{gated.model}").content.decode()
    assert "Which book?" in page
    assert "Ask for access" in page
    assert client.get(f"/catalogue/{gated.pk}/download.zip").status_code == 302


def test_a_stranger_sees_no_owners_panel_and_decides_nothing(client, gated, stranger, downloader):
    asked = AccessRequest.objects.create(model=gated.model, user=downloader, purpose="x")
    client.force_login(stranger)
    assert "Your model" not in client.get(f"/{gated.model}").content.decode()
    answer = client.post(f"/catalogue/access/{asked.pk}/", {"decision": "approve"})
    assert answer.status_code == 404


def test_an_owner_labels_renames_and_compares_on_the_page(client, released, owner):
    client.force_login(owner)
    client.post(at(released, "label"), {"label": "v1"})
    client.post(at(released, "deprecate"), {"reason": "Too narrow.", "successor": ""})
    moved = client.post(at(released, "rename"), {"name": "quiet-harbours"})
    page = client.get(moved["Location"]).content.decode()
    assert "<strong>v1</strong>" in page
    assert "Too narrow." in page
    same = client.get(f"/catalogue/{released.pk}/diff/{released.pk}/").content.decode()
    assert "The card is the same." in same


@pytest.mark.parametrize("line", ["hf download", "from_pretrained", "curl -L", "model_signing"])
def test_each_way_to_download_has_its_line(client, released, line):
    assert line in client.get(f"/{released.model}").content.decode()


def test_a_button_makes_a_link_that_fetches_one_file_without_signing_in(client, gated, downloader):
    client.force_login(downloader)
    assert "Make a link" not in client.get(f"/{gated.model}").content.decode()
    accept_terms(actor=Actor.of(downloader), revision=gated, terms_sha256=terms_sha256(gated))
    assert "Make a link" in client.get(f"/{gated.model}").content.decode()
    shown = client.post(at(gated, "link"), {"path": "README.md"}, follow=True).content.decode()
    link = re.search(r"/catalogue/[0-9a-f-]+/links/[\w:-]+", shown)[0]
    client.logout()
    assert client.get(link).getvalue().decode() == gated.card
    client.force_login(downloader)
    assert client.post(at(gated, "link"), {"path": "../secret"}).status_code == 404
    assert client.post(at(gated, "no-such-thing")).status_code == 404
