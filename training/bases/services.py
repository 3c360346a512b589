"""Register base models: what they are, by digest, and the truth about what they were trained on."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from accounts.errors import InvalidError
from ledger.services import append
from provenance.clearance.services import mark_stale
from training.bases.anatomy import require_whole
from training.bases.rules import BaseRefusedError, digest_of, file_digests, folder_digest
from training.bases.statements import Statement, why_no_base
from training.events import BaseRegistered
from training.models import Base

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.actors import Actor

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,59}")
TINY = "tiny-shapes"
TINY_STATEMENT = Statement(
    "CC0-1.0",
    "cleared",
    "Made on this site by the project's own program, trained only on plain shapes that the same "
    "program draws. No person's work was used.",
    intended_use="Trying this site out. It is too small to draw anything: its pictures are 32 "
    "pixels wide, and those of a model trained on it have their colours but look like noise.",
)
TINY_NEEDS = 200 * 1024 * 1024
"""Bytes that must be free before the tiny base is built."""
LONGEST_NAME = 120


def register_base(*, actor: Actor, folder: Path, name: str, statement: Statement) -> Base:
    """Let requests name this base. Registering a name again replaces what was said of it.

    Raises PermissionDenied, or InvalidError in a sentence where the folder is no complete
    Stable Diffusion, the statement says nothing, or nobody can have the model's weights.
    """
    actor.require("operator")
    require_statement(name, statement)
    if not folder.is_dir():
        raise InvalidError(
            "base_missing", f"There is no folder {folder}.", "Check the path, or give a hub id."
        )
    try:
        require_whole(folder)
        files = file_digests(folder)  # reads every byte: outside of the transaction
    except BaseRefusedError as error:
        raise InvalidError("base_refused", str(error)) from error
    said = asdict(statement) | {"provenance": statement.provenance.strip()}
    values = said | {"folder": str(folder.resolve()), "sha256": digest_of(files), "files": files}
    with transaction.atomic():
        base, made = Base.objects.update_or_create(name=name, defaults=values)
        event = BaseRegistered(sha256=base.sha256, licence=base.licence, cleared=base.cleared)
        append(actor=actor.id, subject=f"base:{name}", event=event, statement=base.provenance)
        if not made:
            mark_stale(kind="base", refs=[name])
    return base


def require_statement(name: str, statement: Statement) -> None:
    """Refuse (InvalidError) a statement about a model that was trained elsewhere with a gap."""
    if closed := why_no_base(name):
        raise InvalidError("base_closed", closed)
    faults = []
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        faults.append("Give a name of letters, digits, “.”, “_” and “-”, such as “tiny-shapes”.")
    if not CODE.fullmatch(statement.licence):
        faults.append("State the base's licence, by its SPDX id where it has one.")
    if statement.cleared not in Base.Cleared.values:
        faults.append(f"State whether it is cleared: {', '.join(Base.Cleared.values)}.")
    if not statement.provenance.strip():
        faults.append(
            "Say what it was trained on, and with whose permission; or that it is unknown."
        )
    if faults:
        raise InvalidError("base_statement", " ".join(faults))


def fetch_base(source: str) -> Path:
    """The folder named by `source`: a path, or a hub id that is downloaded first.

    Raises InvalidError where it is neither, or the hub cannot be reached.
    """
    if Path(source).is_dir():
        return Path(source)
    if source.startswith((".", "/", "~")) or not NAME.fullmatch(source) or source.count("/") != 1:
        raise InvalidError(
            "base_missing",
            f"There is no folder {source}, and it is no hub id (owner/name) either.",
            "Check the path or the id.",
        )
    return _download(source)


def _download(hub_id: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError

    target = Path(settings.BASES_DIR) / hub_id.replace("/", "--")
    try:
        snapshot_download(
            hub_id, local_dir=target, ignore_patterns=["*.ckpt", "*.bin", "*.msgpack"]
        )
    except (GatedRepoError, RepositoryNotFoundError) as error:
        raise InvalidError(
            "base_not_on_hub",
            f"The hub has no “{hub_id}” for you.",
            "Check the id; if it is gated, accept its terms and log in with `hf auth login`.",
        ) from error
    except (OSError, ValueError) as error:  # the hub's own errors derive from these
        raise InvalidError(
            "hub_unreachable",
            f"“{hub_id}” could not be downloaded: {str(error).splitlines()[0]}",
            "Check the network and the disk, or download it elsewhere and give its folder.",
        ) from error
    return target


def build_tiny_base(*, actor: Actor, say: Callable[[str], None]) -> Base:
    """Build the tiny base unless its folder is there, telling progress to `say`; register it."""
    actor.require("operator")
    folder = Path(settings.BASES_DIR) / TINY
    if (folder / "model_index.json").is_file():
        say(f"The tiny base is there already: {folder}")
    else:
        _require_space(folder.parent)
        _build(folder, say)
    known = Base.objects.filter(name=TINY, folder=str(folder.resolve())).first()
    if known is not None and known.sha256 == folder_digest(folder):
        return known
    return register_base(
        actor=actor,
        folder=folder,
        name=TINY,
        statement=TINY_STATEMENT,
    )


def _require_space(place: Path) -> None:
    place.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(place).free
    if free < TINY_NEEDS:
        raise InvalidError(
            "no_disk_space",
            f"The tiny base needs {TINY_NEEDS // 2**20} MB, and {free // 2**20} MB are free.",
            "Make room, or set IMPRIMATUR_BASES_DIR to a folder on another disk.",
        )


def _build(folder: Path, say: Callable[[str], None]) -> None:
    argv = [sys.executable, "-m", "training.dreambooth.build_base", str(folder)]
    child = subprocess.Popen(
        argv,  # by one thread: it is too small to gain by more
        stdout=subprocess.PIPE,
        text=True,
        cwd=settings.BASE_DIR,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    told = ""
    with child:
        for line in child.stdout or ():
            told = _told(line) or told
            say(told)
    if child.returncode != 0:
        raise InvalidError(
            "base_not_built",
            f"The tiny base could not be built (exit code {child.returncode}): {told}",
            "The lines above say why; nothing half-built was kept.",
        )


def _told(line: str) -> str:
    try:
        said = json.loads(line)
    except ValueError:
        return line.strip()
    if said.get("event") == "progress":
        return f"{said['phase']}: step {said['step']} of {said['steps']}"
    return str(said.get("message") or said.get("event", ""))
