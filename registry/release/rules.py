"""What a release folder may hold, and how its list of files is made and sealed.

Pure but for the files of the folder it is given. `tools/verify_release.py` checks what is made
here, with code of its own, so that a mistake in one does not hide in the other.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rfc8785

from ledger.signing import sign, write_whole
from registry.release.headers import ReleaseRefusedError, parse_json, read_header
from training.bases.rules import file_sha256

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

STATEMENT = "provenance/release.json"
SIGNATURE = "provenance/release.sig.json"
MANIFEST = "provenance/manifest.json"
MODEL_SIGNATURE = "provenance/model.sig"
MODEL_KEY = "provenance/model-signing.pem"
UNLISTED = (STATEMENT, SIGNATURE, MODEL_SIGNATURE)
"""What is made after the list of files, of which the model signature covers all others."""
UNET = "unet/diffusion_pytorch_model.safetensors"
ALLOWED_SUFFIXES = frozenset(
    {".json", ".safetensors", ".md", ".png", ".txt", ".jsonld", ".csv", ".pem"}
)
"""Everything else is refused: a list of dangerous endings is never complete."""
REQUIRED = ("README.md", "model_index.json", MANIFEST, "provenance/manifest.sig.json")
MAX_JSON_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class StatementFields:
    """What a release says about itself beside its files. `created` is RFC 3339 in UTC."""

    model: str
    """`owner/name`."""
    manifest_sha256: str
    base_sha256: str
    created: str


def list_files(folder: Path, known: Mapping[str, str] | None = None) -> dict[str, dict[str, Any]]:
    """`{path: {"sha256", "size"}}` of every file but the statement and the signatures.

    `known` has digests that were just taken of these very files: weights are read once.
    """
    taken = known or {}
    return {
        name: {"sha256": taken.get(name) or file_sha256(path), "size": path.stat().st_size}
        for name, path in _walk(folder)
        if name not in UNLISTED
    }


def release_statement(fields: StatementFields, files: dict[str, dict[str, Any]]) -> bytes:
    """The release's list of files as RFC 8785 bytes. An empty release is refused."""
    if not files:
        raise ReleaseRefusedError("The release has no files: an empty release is never signed.")
    body: dict[str, Any] = {
        "version": 1,
        "kind": "release",
        "model": fields.model,
        "manifest_sha256": fields.manifest_sha256,
        "base_sha256": fields.base_sha256,
        "created": fields.created,
        "files": files,
    }
    return rfc8785.dumps(body)


def revision_id(statement: bytes) -> str:
    """40 hex digits, as the Hub's clients want a commit to look."""
    return hashlib.sha256(statement).hexdigest()[:40]


def require_safe(folder: Path) -> None:
    """Refuse a folder that holds anything but plain data in formats that cannot run code."""
    entries = dict(_walk(folder))
    missing = [name for name in REQUIRED if name not in entries]
    if missing:
        raise ReleaseRefusedError(f"The release lacks {', '.join(missing)}: build it again.")
    if not any(name.endswith(".safetensors") for name in entries):
        raise ReleaseRefusedError("The release holds no weights: build it again from its run.")
    require_data_only(folder)


def require_data_only(folder: Path) -> dict[str, dict[str, Any]]:
    """Refuse links, hidden and executable files, unknown formats and malformed data.

    The headers of its safetensors by path, as they had to be read.
    """
    headers = {}
    for name, path in _walk(folder):
        _require_plain(name, path)
        if path.suffix == ".json":
            _require_json(name, path)
        elif path.suffix == ".safetensors":
            headers[name] = read_header(path, name)
    return headers


def copy_plain(source: Path, target: Path) -> None:
    """Copy every file of `source` but hidden ones, its folders made anew. Links are refused."""
    for parent, folders, names in os.walk(source, onerror=_raise):
        folders[:] = [name for name in folders if not name.startswith(".")]
        here = type(source)(parent)
        for name in [*folders, *(name for name in names if not name.startswith("."))]:
            path, copy = here / name, target / (here / name).relative_to(source)
            if path.is_symlink():
                raise ReleaseRefusedError(f"{name!r} is a link: copy the file itself.")
            if name in folders:
                copy.mkdir()
            else:
                shutil.copyfile(path, copy, follow_symlinks=False)


def require_metadata(
    headers: Mapping[str, dict[str, Any]], *, manifest_sha256: str, base_sha256: str, token: str
) -> None:
    """Refuse unless the UNet's metadata, written by the trainer, agrees with the records."""
    if UNET not in headers:
        raise ReleaseRefusedError(f"{UNET} is missing: without it nothing says what was trained.")
    metadata = headers[UNET].get("__metadata__") or {}
    wanted = {"manifest_sha256": manifest_sha256, "base_sha256": base_sha256, "token": token}
    for key, value in wanted.items():
        told = metadata.get(f"imprimatur.{key}")
        if told != value:
            raise ReleaseRefusedError(
                f"The weights say {key} is {told!r}, the records say {value!r}: "
                "these are not the weights of the approved run. Build from the run's own output."
            )


def require_manifest(folder: Path, manifest_sha256: str) -> None:
    """Refuse unless the manifest in the folder is, byte for byte, the approved one."""
    if file_sha256(folder / MANIFEST) != manifest_sha256:
        raise ReleaseRefusedError(
            f"{MANIFEST} is not the approved manifest {manifest_sha256}: copy the stored bytes."
        )


def seal(
    folder: Path,
    fields: StatementFields,
    key: Ed25519PrivateKey,
    known: Mapping[str, str] | None = None,
) -> str:
    """Check, list and sign the folder as it lies there, and give back the revision's id.

    `known` as for `list_files`.

    The statement is written last: a folder without it is no release, so that nothing half-made
    can be taken for one.
    """
    require_safe(folder)
    require_manifest(folder, fields.manifest_sha256)
    statement = release_statement(fields, list_files(folder, known))
    write_whole(folder / SIGNATURE, sign(statement, key).to_json().encode())
    write_whole(folder / STATEMENT, statement)
    return revision_id(statement)


def _walk(folder: Path) -> list[tuple[str, Path]]:
    """Every file by its relative path, sorted. Links are refused, wherever they point."""
    entries = []
    for parent, folders, names in os.walk(folder, onerror=_raise):
        for name in [*folders, *names]:
            path = type(folder)(parent) / name
            relative = path.relative_to(folder).as_posix()
            if path.is_symlink():
                raise ReleaseRefusedError(f"{relative!r} is a link: copy the file itself.")
            if name in names:
                _require_name(relative)
                entries.append((relative, path))
    return sorted(entries)


def _raise(error: OSError) -> None:
    raise error


def _require_name(name: str) -> None:
    hidden = any(part.startswith(".") for part in name.split("/"))
    if not name.isascii() or not name.isprintable() or hidden or set(name) & set('\\:*?"<>|'):
        raise ReleaseRefusedError(
            f"{name!r} is not a name that every system can store: use plain ASCII letters, "
            "digits, dots, dashes and underscores, and no leading dot."
        )


def _require_plain(name: str, path: Path) -> None:
    mode = path.lstat().st_mode
    if not stat.S_ISREG(mode):
        raise ReleaseRefusedError(f"{name} is not an ordinary file: remove it.")
    if mode & (stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH):
        raise ReleaseRefusedError(f"{name} is executable: a release holds only data.")
    if path.suffix not in ALLOWED_SUFFIXES:
        raise ReleaseRefusedError(
            f"{name} may not be released: only {', '.join(sorted(ALLOWED_SUFFIXES))} files are. "
            "Weights go as safetensors, because the other formats can run code when loaded."
        )


def _require_json(name: str, path: Path) -> None:
    if path.stat().st_size > MAX_JSON_BYTES:
        raise ReleaseRefusedError(f"{name} is larger than {MAX_JSON_BYTES:,} bytes.")
    parse_json(name, path.read_bytes())
