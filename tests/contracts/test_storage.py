"""The real client follows to the storage that has the weights, and does not show it its token."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from huggingface_hub import hf_hub_download

from accounts.actors import Actor
from accounts.tokens import create_token
from registry.downloads.selectors import terms_sha256
from registry.downloads.services import accept_terms
from tests.contracts.test_huggingface_hub import at, pytestmark
from tests.registry import records

__all__ = ["at", "pytestmark"]
WEIGHTS = "unet/diffusion_pytorch_model.safetensors"


class Signed(FileSystemStorage):
    """Files of a folder, under signed addresses of another server."""

    def url(self, name):
        return f"{super().url(name)}?X-Amz-Expires=60&X-Amz-Signature=abc"


@pytest.fixture
def bucket(settings, tmp_path):
    """The server of the storage, with the headers that it was sent."""
    seen: list[dict[str, str]] = []

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self):
            seen.append(dict(self.headers) | {":path": self.path})
            super().do_GET()

        def log_message(self, *_):
            """Nothing."""

    folder = tmp_path / "bucket"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    options = {"location": str(folder), "base_url": f"http://127.0.0.1:{server.server_port}/"}
    backend = {"BACKEND": f"{__name__}.Signed", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"releases": backend}
    yield seen
    server.shutdown()
    server.server_close()


def test_weights_come_whole_from_the_storage_without_the_token(
    bucket, at, owner, downloader, grant_and_run
):
    revision = records.release(owner, grant_and_run[1])
    accept_terms(actor=Actor.of(downloader), revision=revision, terms_sha256=terms_sha256(revision))
    given = at | {"token": create_token(downloader)}
    path = Path(hf_hub_download(str(revision.model), WEIGHTS, **given))
    assert path.stat().st_size == revision.files.get(path=WEIGHTS).size
    (asked,) = bucket
    assert "X-Amz-Signature" in asked[":path"]
    assert "authorization" not in {name.lower() for name in asked}
