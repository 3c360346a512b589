"""A downloader accepts the terms, takes the model, and checks every byte of it."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import requests

from ledger.signing import Signature, load_or_create_key, sign
from story import commands

if TYPE_CHECKING:
    from pathlib import Path

    from story.telling import Story

TITLE = "A downloader takes model B and checks it"
WHY = "What arrives is exactly what was audited, or the check says what is different."


def run(story: Story) -> None:
    """Accept, download over HTTP, verify; then change a byte, and sign anew with another key."""
    downloader = story.user("downloader")
    revision = story.known["revision_b"]
    refused = _fetch(story, "model_index.json")
    story.expect(
        refused.status_code == requests.codes.forbidden,
        "Before the terms are accepted the download is refused (403).",
        found=refused.text,
    )
    terms = downloader.get(f"revisions/{revision}/terms/")
    downloader.post(f"revisions/{revision}/terms/", terms_sha256=terms["sha256"])
    folder = story.folder / "download"
    shutil.rmtree(folder, ignore_errors=True)
    files = downloader.get(f"revisions/{revision}/")["files"]
    with story.bar("downloading", len(files)) as advance:
        for file in files:
            path = folder / file["path"]
            path.parent.mkdir(parents=True, exist_ok=True)
            answer = _fetch(story, file["path"])
            answer.raise_for_status()
            path.write_bytes(answer.content)
            advance()
    story.say(f"{len(files)} files, {sum(f['size'] for f in files) / 1e6:.1f} MB.")
    _verify(story, folder)
    _tamper(story, folder)


def _fetch(story: Story, path: str) -> requests.Response:
    client = story.user("downloader")
    address = f"{client.server}/{story.known['model_b']}/resolve/main/{path}"
    return client.session.get(address, timeout=120)


def _verify(story: Story, folder: Path) -> None:
    ran = commands.run("manage.py", "verify_release", str(folder))
    story.expect(ran.code == 0, "`manage.py verify_release` accepts it.", found=ran.out + ran.err)
    ran = commands.run("tools/verify_release.py", str(folder), "--key", _release_key())
    story.expect(ran.code == 0, "`tools/verify_release.py` accepts it.", found=ran.out + ran.err)


def _release_key() -> str:
    from django.conf import settings

    from ledger.signing import public_hex

    return public_hex(load_or_create_key(settings.KEYS_DIR / "release.key"))


def _tamper(story: Story, folder: Path) -> None:
    changed = story.folder / "changed"
    shutil.rmtree(changed, ignore_errors=True)
    shutil.copytree(folder, changed)
    weights = changed / "unet" / "diffusion_pytorch_model.safetensors"
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 1
    weights.write_bytes(data)
    for program in (
        ("manage.py", "verify_release", str(changed)),
        ("tools/verify_release.py", str(changed), "--key", _release_key()),
    ):
        ran = commands.run(*program)
        story.expect(
            ran.code == 1 and weights.name in ran.out + ran.err,
            f"With one bit of the weights changed `{program[0]}` refuses, and names the file.",
            found=ran.out + ran.err,
        )
    shutil.copy(folder / weights.relative_to(changed), weights)
    statement = (changed / "provenance" / "release.json").read_bytes()
    forged: Signature = sign(statement, load_or_create_key(story.folder / "other.key"))
    (changed / "provenance" / "release.sig.json").write_text(forged.to_json())
    ran = commands.run("manage.py", "verify_release", str(changed))
    story.expect(
        ran.code != 0,
        "Signed by another key it refuses too, and says whose key it is.",
        found=ran.out + ran.err,
    )
    sys.stdout.flush()
