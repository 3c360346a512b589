"""Links for programs that cannot sign in, and weights that another storage sends."""

from __future__ import annotations

import pytest
from django.core import signing
from django.core.files.storage import InMemoryStorage, storages

from accounts.actors import Actor
from accounts.tokens import create_token
from registry.downloads import links
from registry.downloads.selectors import terms_sha256
from registry.downloads.services import accept_terms
from registry.models import Acceptance, Download
from registry.release import services
from registry.release.package import release_folder
from tests.registry import records

WEIGHTS = "unet/diffusion_pytorch_model.safetensors"


def asked(client, revision, user, path=WEIGHTS):
    headers = {"Authorization": f"Bearer {create_token(user)}"}
    return client.post(f"/api/v1/revisions/{revision.pk}/links/", {"path": path}, headers=headers)


@pytest.fixture
def link(client, gated, downloader, settings):
    settings.SITE_URL = ""
    accept_terms(actor=Actor.of(downloader), revision=gated, terms_sha256=terms_sha256(gated))
    return asked(client, gated, downloader).json()["url"]


def test_a_link_gives_the_file_and_its_ranges_to_whoever_has_it_and_notes_its_person(
    client, gated, link, downloader
):
    data = (release_folder(gated.commit) / WEIGHTS).read_bytes()
    assert b"".join(client.get(link).streaming_content) == data
    part = client.get(link, headers={"Range": "bytes=100-"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, data[100:])
    assert Download.objects.get(revision=gated).user == downloader
    assert "private" in part["Cache-Control"]


def test_a_link_ends(client, link, monkeypatch):
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + links.LASTS.total_seconds() + 1)
    answer = client.get(link)
    assert (answer.status_code, answer.content) == (403, b"This link is over. Make a new one.")


def test_a_link_opens_nothing_that_its_person_may_not_have_any_more(
    client, gated, link, downloader, owner
):
    Acceptance.objects.all().delete()
    assert client.get(link).status_code == 403
    accept_terms(actor=Actor.of(downloader), revision=gated, terms_sha256=terms_sha256(gated))
    downloader.is_active = False
    downloader.save()
    assert client.get(link).status_code == 403
    downloader.is_active = True
    downloader.save()
    services.withdraw(actor=Actor.of(owner), revision=gated, reason="I retire it.")
    answer = client.get(link)
    assert answer.status_code == 451
    assert "I retire it." in answer.content.decode()


def test_a_changed_link_or_one_for_another_revision_opens_nothing(client, gated, released, link):
    start, token = link.rsplit("/", 1)
    for changed in (
        f"{start}/{token[:-1]}{'a' if token[-1] != 'a' else 'b'}",
        f"{start}/x",
        link.replace(str(gated.pk), str(released.pk)),
        f"{start}/{signing.dumps([str(gated.pk), WEIGHTS, 'x'], salt='another')}",
    ):
        assert client.get(changed).status_code == 403


def test_who_may_not_download_gets_no_link(client, gated, stranger, open_run, owner):
    assert asked(client, gated, stranger).status_code == 403
    assert asked(client, gated, owner, "../../secret").status_code == 404
    assert asked(client, records.build(open_run), stranger).status_code == 404
    assert client.post(f"/api/v1/revisions/{gated.pk}/links/", {"path": WEIGHTS}).status_code == 401


class Bucket(InMemoryStorage):
    """Addresses signed and short-lived, as S3's are."""

    def url(self, name):
        return f"https://bucket.example/{name}?X-Amz-Expires=60&X-Amz-Signature=abc"


@pytest.fixture
def bucket(settings):
    backend = f"{Bucket.__module__}.{Bucket.__qualname__}"
    settings.STORAGES = settings.STORAGES | {"releases": {"BACKEND": backend}}
    return storages["releases"]


def test_weights_are_sent_by_the_storage_and_all_else_from_here(
    client, bucket, owner, open_run, reviewer
):
    revision = records.release(owner, open_run)
    key = f"{revision.commit}/{WEIGHTS}"
    assert bucket.open(key).read() == (release_folder(revision.commit) / WEIGHTS).read_bytes()
    url = f"/{revision.model}/resolve/{revision.commit}/"
    sent = client.get(url + WEIGHTS)
    assert (sent.status_code, sent["Location"]) == (302, bucket.url(key))
    assert "no-store" in sent["Cache-Control"]
    assert sent["X-Linked-Etag"] == client.head(url + WEIGHTS)["ETag"]
    assert client.get(url + "README.md").status_code == 200
    services.quarantine(actor=Actor.of(reviewer), revision=revision, reason="Look.")
    assert client.get(url + WEIGHTS).status_code == 451


def test_what_was_cut_short_in_the_storage_is_stored_again(bucket, open_run):
    revision = records.build(open_run)
    key = f"{revision.commit}/{WEIGHTS}"
    whole = bucket.open(key).read()
    bucket.delete(key)
    from django.core.files.base import ContentFile

    from registry.release.stored import store_weights

    bucket.save(key, ContentFile(whole[:10]))
    store_weights(revision.commit, release_folder(revision.commit), [(WEIGHTS, len(whole))])
    assert bucket.open(key).read() == whole
