from __future__ import annotations

import hashlib
import io
import zipfile

import pytest

from accounts.actors import Actor
from accounts.errors import InvalidError, RefusedError
from accounts.tokens import create_token
from provenance.consent.services import revoke_grant
from provenance.models import Standing
from registry.downloads.selectors import terms_sha256
from registry.downloads.services import accept_terms
from registry.models import Download
from registry.release import services
from tests.registry import records

WEIGHTS = "unet/diffusion_pytorch_model.safetensors"


def bearer(user):
    return {"Authorization": f"Bearer {create_token(user)}"}


def url(revision, path=WEIGHTS, rev=None):
    return f"/{revision.model}/resolve/{rev or revision.commit}/{path}"


def body(answer):
    return b"".join(answer.streaming_content)


def test_the_whole_file_and_its_headers(client, released):
    file = released.files.get(path=WEIGHTS)
    answer = client.get(url(released))
    assert hashlib.sha256(body(answer)).hexdigest() == file.sha256
    assert answer["ETag"] == answer["X-Linked-Etag"] == f'"{file.sha256}"'
    assert answer["X-Repo-Commit"] == released.commit
    assert answer["Content-Length"] == answer["X-Linked-Size"] == str(file.size)
    assert answer["Accept-Ranges"] == "bytes"
    assert "Content-Encoding" not in answer


def test_a_head_tells_the_same_without_the_bytes(client, released):
    answer = client.head(url(released))
    assert answer.status_code == 200
    assert answer["Content-Length"] == str(released.files.get(path=WEIGHTS).size)
    assert answer.content == b""


def test_a_small_file_has_its_git_id_as_tag(client, released):
    file = released.files.get(path="README.md")
    answer = client.get(url(released, "README.md"))
    data = body(answer)
    blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()  # noqa: S324 - git's own
    assert answer["ETag"] == f'"{blob}"' == f'"{file.git_oid}"'


def test_parts_put_together_are_the_file(client, released):
    size = released.files.get(path=WEIGHTS).size
    first = client.get(url(released), headers={"Range": "bytes=0-99"})
    rest = client.get(url(released), headers={"Range": "bytes=100-"})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert rest["Content-Range"] == f"bytes 100-{size - 1}/{size}"
    assert body(first) + body(rest) == body(client.get(url(released)))


def test_a_range_past_the_end_is_416_with_the_size(client, released):
    size = released.files.get(path=WEIGHTS).size
    answer = client.get(url(released), headers={"Range": f"bytes={size}-"})
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{size}")


def test_a_thousand_ranges_get_the_whole_file(client, released):
    ranges = ",".join(f"{n}-{n}" for n in range(1000))
    assert client.get(url(released), headers={"Range": f"bytes={ranges}"}).status_code == 200


def test_what_the_client_has_is_not_sent_again(client, released):
    etag = client.head(url(released))["ETag"]
    answer = client.get(url(released), headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize("method", ["get", "head"])
def test_main_leads_to_the_commit(client, released, method):
    answer = getattr(client, method)(url(released, rev="main"))
    assert (answer.status_code, answer["Location"]) == (307, url(released))


@pytest.mark.parametrize("path", ["", "nothing.txt", "../secret", "unet", "%2e%2e/%2e%2e/keys"])
def test_a_path_that_is_not_in_the_release_is_no_entry(client, released, path):
    answer = client.get(url(released, path))
    assert answer.status_code == 404
    if "X-Error-Code" in answer:
        assert answer["X-Error-Code"] == "EntryNotFound"
        assert answer["X-Repo-Commit"] == released.commit


def test_an_unknown_revision_is_told_apart(client, released):
    for rev in ("0" * 40, "v1", "refs%2Fpr%2F1"):
        answer = client.get(url(released, rev=rev))
        assert (answer.status_code, answer["X-Error-Code"]) == (404, "RevisionNotFound")


def test_a_private_model_is_as_absent_as_one_that_does_not_exist(client, open_run, stranger, owner):
    revision = records.build(open_run)
    for headers, status in (({}, 401), (bearer(stranger), 404)):
        private = client.get(url(revision), headers=headers)
        absent = client.get("/nobody/nothing/resolve/main/x", headers=headers)
        assert private.status_code == absent.status_code == status
        assert private["X-Error-Code"] == absent["X-Error-Code"] == "RepoNotFound"
        assert private.content == absent.content
        info = client.get(f"/api/models/{revision.model}", headers=headers)
        assert (info.status_code, info["X-Error-Code"]) == (status, "RepoNotFound")
    assert client.get(url(revision), headers=bearer(owner)).status_code == 200


def test_a_wrong_token_is_refused_and_not_anonymous(client, released):
    answer = client.get(url(released), headers={"Authorization": "Bearer imp_wrong"})
    assert answer.status_code == 401
    assert answer["X-Error-Message"] == "Invalid credentials in Authorization header"


def test_a_gated_model_shows_itself_but_gives_no_file(client, gated, downloader):
    info = client.get(f"/api/models/{gated.model}?blobs=true").json()
    assert (info["gated"], info["sha"]) == ("auto", gated.commit)
    assert any(s["rfilename"] == WEIGHTS and s["lfs"]["sha256"] for s in info["siblings"])
    anonymous = client.get(url(gated))
    assert (anonymous.status_code, anonymous["X-Error-Code"]) == (401, "GatedRepo")
    answer = client.get(url(gated), headers=bearer(downloader))
    assert (answer.status_code, answer["X-Error-Code"]) == (403, "GatedRepo")
    check = client.get(f"/api/models/{gated.model}/auth-check", headers=bearer(downloader))
    assert check.status_code == 403


def test_accepting_the_terms_opens_it_and_the_download_is_noted(client, gated, downloader):
    actor = Actor.of(downloader)
    accept_terms(actor=actor, revision=gated, terms_sha256=terms_sha256(gated))
    accept_terms(actor=actor, revision=gated, terms_sha256=terms_sha256(gated))
    assert gated.acceptances.count() == 1
    headers = bearer(downloader)
    for _ in range(2):
        assert client.get(url(gated), headers=headers).status_code == 200
    assert list(Download.objects.values_list("user__username", flat=True)) == ["downloader"]


def test_other_terms_than_those_of_the_revision_are_not_accepted(gated, released, downloader):
    actor = Actor.of(downloader)
    with pytest.raises(RefusedError, match="not the terms"):
        accept_terms(actor=actor, revision=gated, terms_sha256="0" * 64)
    with pytest.raises(InvalidError, match="open to everybody"):
        accept_terms(actor=actor, revision=released, terms_sha256="")


def test_nobody_is_recorded_for_an_anonymous_or_headed_download(client, released, downloader):
    client.get(url(released))
    client.head(url(released), headers=bearer(downloader))
    assert not Download.objects.exists()


def test_an_ended_revision_is_451_with_the_notice_everywhere(client, released, reviewer):
    services.quarantine(actor=Actor.of(reviewer), revision=released, reason="A café complained.")
    for path in (url(released), url(released, rev="main"), f"/api/models/{released.model}",
                 f"/api/models/{released.model}/tree/main"):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 451
        assert answer["X-Error-Message"] == "Access to this resource is disabled."
        assert answer["X-HF-Warning"].startswith("withdrawn; ")
        told = answer.json()
        assert told["reason"] == "A café complained."
        assert "keep working" in told["what_to_do"]
        assert told["since"]
    assert client.head(url(released)).status_code == 451
    assert client.get("/api/models").json() == []


def test_a_revoked_grant_stops_downloads_before_any_recall(
    client, gated, grant_and_run, studio, owner
):
    headers = bearer(owner)
    assert client.get(url(gated), headers=headers).status_code == 200
    revoke_grant(actor=Actor.of(studio), grant=grant_and_run[0], reason="No more.")
    answer = client.get(url(gated), headers=headers)
    gated.refresh_from_db()
    assert (gated.state, answer.status_code) == ("released", 451)


def test_a_revision_without_any_standing_is_not_served(client, released):
    Standing.objects.filter(pk=f"revision:{released.pk}").delete()
    assert client.get(url(released)).status_code == 451


def test_the_tree_lists_folders_and_files(client, released):
    top = client.get(f"/api/models/{released.model}/tree/main").json()
    kinds = {entry["path"]: entry["type"] for entry in top}
    assert (kinds["unet"], kinds["README.md"]) == ("directory", "file")
    assert WEIGHTS not in kinds
    everything = client.get(f"/api/models/{released.model}/tree/main?recursive=true").json()
    weights = next(entry for entry in everything if entry["path"] == WEIGHTS)
    assert weights["lfs"]["pointerSize"] > 100
    inside = client.get(f"/api/models/{released.model}/tree/main/unet").json()
    assert {entry["path"] for entry in inside} == {WEIGHTS, "unet/config.json"}
    missing = client.get(f"/api/models/{released.model}/tree/main/nothing")
    assert (missing.status_code, missing["X-Error-Code"]) == (404, "EntryNotFound")


def test_the_list_pages_and_searches(client, released):
    assert [m["id"] for m in client.get("/api/models?search=harbour").json()] == [
        str(released.model)
    ]
    assert client.get("/api/models?author=nobody").json() == []
    assert "Link" not in client.get("/api/models?limit=1")


def test_whoami_knows_the_tokens_owner(client, downloader):
    assert client.get("/api/whoami-v2", headers=bearer(downloader)).json()["name"] == "downloader"
    assert client.get("/api/whoami-v2").status_code == 401


def test_a_cards_yaml_is_checked(client, released):
    def validate(content):
        sent = {"repoType": "model", "content": content}
        return client.post("/api/validate-yaml", sent, content_type="application/json")

    assert validate(released.card).json()["errors"] == []
    assert validate("---\n[a\n---\n").status_code == 400
    assert (
        client.post("/api/validate-yaml", b"[]", content_type="application/json").status_code == 400
    )


def test_other_methods_are_not_allowed(client, released):
    assert client.post(url(released)).status_code == 405


def test_the_zip_holds_the_release_and_a_receipt_beside_it(client, gated, downloader):
    page = f"/catalogue/{gated.pk}/download.zip"
    assert client.get(page).status_code == 302
    client.force_login(downloader)
    assert client.get(page)["Location"].endswith(str(gated.model))
    actor = Actor.of(downloader)
    accept_terms(actor=actor, revision=gated, terms_sha256=terms_sha256(gated))
    archive = zipfile.ZipFile(io.BytesIO(body(client.get(page))))
    assert archive.testzip() is None
    receipt = archive.read("receipt.txt").decode()
    assert gated.commit in receipt
    assert f"account {downloader.pk}" in receipt
    assert "downloader" not in receipt
    names = set(archive.namelist()) - {"receipt.txt"}
    assert names == {f"evening-quays/{f.path}" for f in gated.files.all()}
    assert Download.objects.filter(user=downloader).exists()


@pytest.fixture
def two_gigabytes(released, settings):
    """A file of 2 GiB and a bit that takes no room on the disk, with an end of its own."""
    size = 2**31 + 1000
    path = settings.RELEASES_DIR / released.commit / "vae" / "large.safetensors"
    with path.open("wb") as file:
        file.truncate(size - 4)
        file.seek(size - 4)
        file.write(b"last")
    return released.files.create(path="vae/large.safetensors", size=size, sha256="e" * 64,
                                 git_oid="f" * 40)  # fmt: skip


def test_two_gigabytes_resume_near_the_end_in_small_pieces(client, released, two_gigabytes):
    size = two_gigabytes.size
    near = {"Range": f"bytes={size - 3 * 2**20}-", "If-Range": f'"{"e" * 64}"'}
    answer = client.get(url(released, two_gigabytes.path), headers=near)
    assert (answer.status_code, answer["Content-Length"]) == (206, str(3 * 2**20))
    pieces = list(answer.streaming_content)
    assert max(map(len, pieces)) <= 2**20
    assert pieces[-1].endswith(b"last")
    stale = {"Range": f"bytes={size - 10}-", "If-Range": '"another"'}
    assert client.get(url(released, two_gigabytes.path), headers=stale)["Content-Length"] == str(
        size
    )


def test_two_clients_take_their_own_parts_at_once(client, released, two_gigabytes):
    first = client.get(url(released, two_gigabytes.path)).streaming_content
    assert len(next(iter(first))) == 2**20
    second = client.get(url(released, two_gigabytes.path), headers={"Range": "bytes=-4"})
    assert body(second) == b"last"
    assert len(next(iter(first))) == 2**20


@pytest.mark.parametrize(
    "name", ["x" * 300, "\u0430\u0435\u043e", "..", "%2e%2e", "a%2Fb", "a\u202eb"]
)
def test_a_hostile_name_is_told_like_an_absent_one(client, released, name):
    absent = client.get("/api/models/quayside/nothing")
    for address in (f"/api/models/quayside/{name}", f"/quayside/{name}/resolve/main/README.md"):
        answer = client.get(address)
        if "%2F" not in name:
            assert answer["X-Error-Code"] == absent["X-Error-Code"] == "RepoNotFound"
            assert (answer.status_code, answer.content) == (401, absent.content)
        assert str(released.commit) not in answer.content.decode()


def test_every_refusal_has_a_code_and_ascii_headers(client, released, gated):
    for answer in (
        client.get("/api/models/nobody/nothing"),
        client.get(url(released, "nothing")),
        client.get(url(released, rev="0" * 40)),
        client.get(url(gated)),
        client.get("/api/whoami-v2"),
        client.get("/api/models/a/b", headers={"Authorization": "Bearer x"}),
        client.put(url(released)),
    ):
        assert answer["X-Error-Code"], answer
        assert all(str(value).isascii() for value in answer.headers.values())


def test_a_token_of_another_user_opens_nothing(client, gated, downloader, stranger):
    accept_terms(actor=Actor.of(downloader), revision=gated, terms_sha256=terms_sha256(gated))
    answer = client.get(url(gated), headers=bearer(stranger))
    assert (answer.status_code, answer["X-Error-Code"]) == (403, "GatedRepo")


def test_terms_that_changed_between_accepting_and_downloading_ask_again(client, gated, downloader):
    accept_terms(actor=Actor.of(downloader), revision=gated, terms_sha256=terms_sha256(gated))
    gated.terms += "One more point.\n"
    gated.save(update_fields=["terms"])
    answer = client.get(url(gated), headers=bearer(downloader))
    assert (answer.status_code, answer["X-Error-Code"]) == (403, "GatedRepo")
    with pytest.raises(RefusedError, match="not the terms"):
        accept_terms(actor=Actor.of(downloader), revision=gated, terms_sha256="0" * 64)
