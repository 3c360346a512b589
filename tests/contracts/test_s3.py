"""Weights in S3: redirects to addresses that are signed, end soon, and give the released bytes.

The storage is django-storages' own and the server moto's. That server checks that an address is
signed, not what is signed or until when, so both are read from the address.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import boto3
import flask
import pytest
import requests
from django.core.files.storage import storages
from huggingface_hub import hf_hub_download, snapshot_download
from moto.server import ThreadedMotoServer

from accounts.actors import Actor
from accounts.tokens import create_token
from registry.cards.selectors import signer
from registry.downloads.selectors import terms_sha256
from registry.downloads.services import accept_terms
from registry.release import services
from registry.release.stored import stored_key
from tests.contracts.test_huggingface_hub import at, pytestmark
from tests.registry import records
from tools.verify_release import verify

__all__ = ["at", "pytestmark"]
WEIGHTS = "unet/diffusion_pytorch_model.safetensors"
SECONDS = 60
KEYS = {"access_key": "somebody", "secret_key": "secret"}


@pytest.fixture
def bucket(settings):
    """The server's address; its bucket `releases` is where weights go."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    account = {"aws_access_key_id": "somebody", "aws_secret_access_key": "secret"}
    boto3.client("s3", endpoint_url=address, region_name="us-east-1", **account).create_bucket(
        Bucket="releases"
    )
    options = {
        "bucket_name": "releases", "endpoint_url": address, "region_name": "us-east-1",
        "querystring_expire": SECONDS, "signature_version": "s3v4", "file_overwrite": True,
    }  # fmt: skip
    backend = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options | KEYS}
    settings.STORAGES = settings.STORAGES | {"releases": backend}
    yield address
    server.stop()


@pytest.fixture
def kept(bucket, owner, reviewer, base):
    """An open model, released with its weights in the bucket."""
    image_set, party = records.make_set(owner, "open harbours", range(1, 5))
    records.license_set(image_set, party)
    run = records.approved_run(owner, reviewer, image_set, base)
    records.finish(run)
    return records.release(owner, run)


def asked(live_server, revision, *, method="GET", **headers):
    address = f"{live_server.url}/{revision.model}/resolve/{revision.commit}/{WEIGHTS}"
    return requests.request(method, address, headers=headers, allow_redirects=False, timeout=30)


def test_a_download_is_sent_to_an_address_that_is_signed_and_ends_soon(kept, bucket, live_server):
    file = kept.files.get(path=WEIGHTS)
    told = asked(live_server, kept, method="HEAD")
    assert (told.status_code, told.headers["Content-Length"]) == (200, str(file.size))
    sent = asked(live_server, kept)
    assert sent.status_code == 302
    assert sent.headers["X-Linked-Etag"] == f'"{file.sha256}"' == told.headers["X-Linked-Etag"]
    assert sent.headers["X-Linked-Size"] == str(file.size)
    assert sent.headers["X-Repo-Commit"] == kept.commit
    assert "no-store" in sent.headers["Cache-Control"]
    address = urlsplit(sent.headers["Location"])
    assert f"{address.scheme}://{address.netloc}" == bucket
    signed = {key: value[0] for key, value in parse_qs(address.query).items()}
    assert signed["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256"
    assert int(signed["X-Amz-Expires"]) == SECONDS
    assert len(signed["X-Amz-Signature"]) == 64


def test_the_address_gives_the_bytes_whole_or_in_part_and_nothing_without_its_signature(
    kept, live_server
):
    file = kept.files.get(path=WEIGHTS)
    address = asked(live_server, kept).headers["Location"]
    whole = requests.get(address, timeout=30)
    assert sha256(whole.content).hexdigest() == file.sha256
    rest = requests.get(address, headers={"Range": "bytes=10-"}, timeout=30)
    assert (rest.status_code, rest.content) == (206, whole.content[10:])
    assert requests.get(address.split("?")[0], timeout=30).status_code == 403


def test_the_real_client_takes_all_of_it_and_it_verifies(kept, at, tmp_path):
    folder = tmp_path / "taken"
    snapshot_download(str(kept.model), local_dir=folder, **at)
    report = verify(folder, frozenset({signer()}))
    assert report.code == 0, report.lines


def test_what_is_withdrawn_is_refused_at_once_though_the_bytes_are_still_there(
    kept, live_server, owner
):
    assert asked(live_server, kept).status_code == 302
    services.withdraw(actor=Actor.of(owner), revision=kept, reason="A creator objected.")
    refused = asked(live_server, kept)
    assert (refused.status_code, "Location" in refused.headers) == (451, False)
    assert storages["releases"].exists(stored_key(kept.commit, WEIGHTS))


@pytest.fixture
def seen():
    """The headers of each request that the storage answers, its address under ":url"."""
    found = []

    def note(*_args, **_more):
        found.append({name.lower(): value for name, value in flask.request.headers})
        found[-1][":url"] = flask.request.url

    with flask.request_started.connected_to(note):
        yield found


def test_a_gate_is_asked_before_an_address_is_given_and_no_token_goes_there(
    bucket, live_server, at, owner, downloader, grant_and_run, seen
):
    revision = records.release(owner, grant_and_run[1])
    seen.clear()
    refused = asked(live_server, revision)
    assert (refused.status_code, "Location" in refused.headers) == (401, False)
    token = create_token(downloader)
    assert asked(live_server, revision, Authorization=f"Bearer {token}").status_code == 403
    accept_terms(actor=Actor.of(downloader), revision=revision, terms_sha256=terms_sha256(revision))
    path = Path(hf_hub_download(str(revision.model), WEIGHTS, **(at | {"token": token})))
    assert path.stat().st_size == revision.files.get(path=WEIGHTS).size
    assert seen
    assert all("X-Amz-Signature" in one[":url"] for one in seen)
    assert not any("authorization" in one for one in seen)
