"""The documented nginx in front of the live server: our decision, its bytes."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest
import requests

from accounts.actors import Actor
from registry.release import services
from tests.contracts.test_clients import UNET

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed"),
]
DOCUMENTED = Path(__file__).parents[2] / "docs/releases.md"


@pytest.fixture
def nginx(live_server, settings, tmp_path):
    """The server block of docs/releases.md, with this test's addresses."""
    settings.X_ACCEL_PATH = "/releases"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    block = DOCUMENTED.read_text().split("```nginx\n")[1].split("```")[0]
    block = block.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    block = block.replace("http://127.0.0.1:8000", live_server.url)
    block = block.replace("/srv/imprimatur/releases/", f"{settings.RELEASES_DIR}/")
    config = tmp_path / "nginx.conf"
    config.write_text(
        f"daemon off; master_process off; pid {tmp_path}/pid; error_log stderr error;\n"
        f"events {{ }}\nhttp {{ access_log off; proxy_temp_path {tmp_path}/p;\n{block} }}\n"
    )
    for folder in (settings.RELEASES_DIR, *settings.RELEASES_DIR.parents):
        if folder.is_relative_to(tmp_path):
            folder.chmod(0o755)
    server = subprocess.Popen(["nginx", "-p", tmp_path, "-c", config])
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except ConnectionRefusedError:
            time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait()


def test_ranges_tags_and_refusals_are_those_of_the_contract(released, owner, nginx):
    url = f"{nginx}/{released.model}/resolve/{released.commit}/{UNET}"
    file = released.files.get(path=str(UNET))
    whole = requests.get(url, timeout=30)
    assert (whole.status_code, len(whole.content)) == (200, file.size)
    assert whole.headers["ETag"] == f'"{file.sha256}"'
    assert whole.headers["X-Repo-Commit"] == released.commit
    part = requests.get(
        url, headers={"Range": "bytes=100-", "If-Range": whole.headers["ETag"]}, timeout=30
    )
    assert (part.status_code, part.content) == (206, whole.content[100:])
    assert part.headers["Content-Range"] == f"bytes 100-{file.size - 1}/{file.size}"
    other = requests.get(url, headers={"Range": "bytes=100-", "If-Range": '"old"'}, timeout=30)
    assert (other.status_code, len(other.content)) == (200, file.size)
    many = ",".join(f"{n}-{n}" for n in range(1000))
    assert (
        requests.get(url, headers={"Range": f"bytes={many}"}, timeout=30).content == whole.content
    )
    past = requests.get(url, headers={"Range": f"bytes={file.size}-"}, timeout=30)
    assert past.status_code == 416
    inside = requests.get(f"{nginx}/releases/{released.commit}/{UNET}", timeout=30)
    assert inside.status_code == 404
    services.withdraw(actor=Actor.of(owner), revision=released, reason="A creator objected.")
    assert requests.get(url, timeout=30).status_code == 451
