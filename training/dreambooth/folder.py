"""A folder that appears whole or not at all, and how its JSON files are written."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Give an empty folder beside `target`; it takes the target's place when the block succeeds.

    An older folder there is moved aside first, then removed. Whatever is raised in the block,
    the target stays as it was. A killed process leaves only a hidden folder, which the next
    call clears away.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    clear_leftovers(target)
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}-new-", dir=target.parent))
    try:
        yield work
        work.chmod(0o755)  # mkdtemp's folder is for its owner alone
        old = work.with_name(work.name.replace("-new-", "-old-"))
        if target.exists():
            target.rename(old)
        work.rename(target)
        _settle(target.parent)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _settle(folder: Path) -> None:
    """Have the folder's names on the disk, so that the rename outlives a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def clear_leftovers(target: Path) -> None:
    """Remove what a killed run left of `target` and of names that begin like it.

    Two runs never share a run folder.
    """
    for pattern in (f".{target.name}*-new-*", f".{target.name}*-old-*"):
        for leftover in target.parent.glob(pattern):
            shutil.rmtree(leftover, ignore_errors=True)


def write_json(path: Path, body: object) -> None:
    """Write `body` for people and programs."""
    path.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
