"""Assemble a revision's folder and seal it: it appears under its commit, whole, or not at all."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from ledger.signing import load_or_create_key
from registry.audit.reports import report_bytes
from registry.cards.rules import WeightsFile
from registry.release.credentials import signed_sample
from registry.release.documents import documents
from registry.release.openssf import sign_model
from registry.release.rules import (
    STATEMENT,
    UNLISTED,
    StatementFields,
    require_data_only,
    require_metadata,
    seal,
)
from registry.release.stored import WEIGHTS_SUFFIX, store_weights
from training.bases.rules import file_sha256
from training.datasets.rules import Manifest
from training.datasets.services import run_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.cards.services import Texts
    from registry.models import Audit, Revision

CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Built:
    """One file of a package: what its row says."""

    path: str
    size: int
    sha256: str
    git_oid: str


@dataclass(frozen=True)
class Sealed:
    """A package as it lies under its commit, the signed statement and its signature included."""

    commit: str
    files: tuple[Built, ...]


def release_folder(commit: str) -> Path:
    """Where a sealed package lies."""
    return Path(settings.RELEASES_DIR) / commit


def is_weights(path: str) -> bool:
    """Whether the Hub's clients see the file as kept by Git LFS, known by its sha256."""
    return path.endswith(WEIGHTS_SUFFIX)


def lfs_pointer(sha256: str, size: int) -> bytes:
    """What git keeps instead of a weights file (git-lfs.com, pointer format version 1)."""
    lines = ("version https://git-lfs.github.com/spec/v1", f"oid sha256:{sha256}", f"size {size}")
    return "".join(f"{line}\n" for line in lines).encode()


def assemble(revision: Revision, audit: Audit, texts: Texts) -> Sealed:
    """Build and seal the package of `revision`. Doing it again gives the same commit.

    Raises ReleaseRefusedError when a file may not be released, OSError when one is missing.
    """
    releases = Path(settings.RELEASES_DIR)
    releases.mkdir(parents=True, exist_ok=True)
    for leftover in releases.glob(f".building-{revision.pk}-*"):  # of a worker that was killed
        shutil.rmtree(leftover, ignore_errors=True)
    holder = Path(tempfile.mkdtemp(prefix=f".building-{revision.pk}-", dir=releases))
    work = holder / revision.model.name
    work.mkdir(mode=0o755)
    try:
        commit = _fill_and_seal(work, revision, audit, texts)
        target = release_folder(commit)
        if not target.exists():  # else a worker was killed between this and its rows
            work.rename(target)
    finally:
        shutil.rmtree(holder, ignore_errors=True)
    files = _list(release_folder(commit))
    store_weights(commit, release_folder(commit), ((f.path, f.size) for f in files))
    return Sealed(commit, files)


def _fill_and_seal(work: Path, revision: Revision, audit: Audit, texts: Texts) -> str:
    run = revision.run
    source = run_folder(run)
    _copy_tree(source / "output" / "pipeline", work)
    manifest = Manifest.from_bytes(run.manifest.body.encode())
    weights = _weights(work, run.manifest_id, manifest)
    samples = {
        sample.file: signed_sample(
            (source / "output" / sample.file).read_bytes(),
            path=sample.file, facts=texts.facts, licence=texts.model_licence,
        )
        for sample in run.samples.all()
    }  # fmt: skip
    written = {
        "README.md": texts.card.encode(),
        "provenance/manifest.json": run.manifest.body.encode(),
        "provenance/manifest.sig.json": run.manifest.signature.encode(),
        "provenance/audit.json": report_bytes(audit.report),
        "provenance/credits.json": texts.credits.encode(),
        **samples,
        **documents(revision, texts, weights),
    }
    for name, data in written.items():
        path = work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    fields = StatementFields(
        model=str(revision.model),
        manifest_sha256=run.manifest_id,
        base_sha256=manifest.base_sha256,
        created=audit.report["checked_at"],
    )
    key = load_or_create_key(settings.KEYS_DIR / "release.key")
    commit = seal(work, fields, key, {file.path: file.sha256 for file in weights})
    sign_model(work)
    return commit


def _weights(work: Path, manifest_sha256: str, manifest: Manifest) -> list[WeightsFile]:
    """The weights as they were copied, once they say of themselves what the records say."""
    headers = require_data_only(work)
    require_metadata(
        headers,
        manifest_sha256=manifest_sha256,
        base_sha256=manifest.base_sha256,
        token=manifest.token,
    )
    return [
        WeightsFile(
            name,
            file_sha256(work / name),
            sum(prod(t["shape"]) for key, t in header.items() if key != "__metadata__"),
        )
        for name, header in sorted(headers.items())
    ]


def _copy_tree(source: Path, target: Path) -> None:
    for path in sorted(source.rglob("*")):
        if not path.is_dir():
            _copy(path, target / path.relative_to(source))


def _copy(source: Path, target: Path) -> None:
    """A hard link where both lie on one disk: weights are large, and nobody writes them again."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copyfile(source, target, follow_symlinks=False)


def _list(folder: Path) -> tuple[Built, ...]:
    """Every file, by the digests of the signed list; what stands beside it is read."""
    listed = {
        name: file["sha256"]
        for name, file in json.loads((folder / STATEMENT).read_bytes())["files"].items()
    }
    listed |= {name: file_sha256(folder / name) for name in UNLISTED}
    return tuple(_built(folder, name, sha256) for name, sha256 in sorted(listed.items()))


def _built(folder: Path, name: str, sha256: str) -> Built:
    path = folder / name
    size = path.stat().st_size
    if is_weights(name):
        return Built(name, size, sha256, _git_blob(lfs_pointer(sha256, size)))
    return Built(name, size, sha256, _git_blob(path.read_bytes()))


def _git_blob(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


@contextmanager
def only_one(name: str) -> Iterator[bool]:
    """Whether this process alone works on `name` on this machine; freed when it is killed."""
    releases = Path(settings.RELEASES_DIR)
    releases.mkdir(parents=True, exist_ok=True)
    path = releases / f".lock-{name}"
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        try:
            yield True
        finally:
            path.unlink(missing_ok=True)
