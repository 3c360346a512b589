"""Weights in a storage of their own, such as S3, where `STORAGES["releases"]` names one.

Its addresses must be signed and short-lived: whoever has one needs nothing else. The folder of the
package stays, for everything that is read here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

STORAGE = "releases"
WEIGHTS_SUFFIX = ".safetensors"


def is_stored_apart(path: str) -> bool:
    """Whether the file's bytes are fetched from the storage."""
    return path.endswith(WEIGHTS_SUFFIX) and STORAGE in settings.STORAGES


def stored_key(commit: str, path: str) -> str:
    """What the file is called there."""
    return f"{commit}/{path}"


def store_weights(commit: str, folder: Path, sizes: Iterable[tuple[str, int]]) -> None:
    """Copy what is not there whole yet. Before any row of the revision: nobody is sent there."""
    for path, size in sizes:
        if not is_stored_apart(path):
            continue
        storage, key = storages[STORAGE], stored_key(commit, path)
        if storage.exists(key):
            if storage.size(key) == size:
                continue
            storage.delete(key)
        with (folder / path).open("rb") as file:
            storage.save(key, File(file))
