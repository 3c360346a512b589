"""The identity of a base model: one digest over every file of its folder."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import rfc8785

if TYPE_CHECKING:
    from pathlib import Path


class BaseRefusedError(ValueError):
    """A folder is not a base model that this product can train on."""


def file_sha256(path: Path) -> str:
    """The sha256 of a file's bytes, as bare lowercase hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_digests(folder: Path) -> dict[str, str]:
    """Relative path -> sha256 of each file of a base.

    Hidden files and folders (a download cache, for example) are no part of a model. A link to a
    folder is refused (BaseRefusedError): loading would follow it, and the digest would not.
    """
    linked = [path for path in folder.rglob("*") if path.is_symlink() and path.is_dir()]
    if linked:
        raise BaseRefusedError(
            f"{linked[0].relative_to(folder)} is a link to a folder: copy the folder there."
        )
    return {
        path.relative_to(folder).as_posix(): file_sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(p.startswith(".") for p in path.relative_to(folder).parts)
    }


def digest_of(files: dict[str, str]) -> str:
    """The sha256 of the canonical JSON object {relative path: sha256 of the file}."""
    return hashlib.sha256(rfc8785.dumps(dict(files))).hexdigest()


def folder_digest(folder: Path) -> str:
    """The identity of the base in `folder`: `digest_of` its `file_digests`."""
    return digest_of(file_digests(folder))
