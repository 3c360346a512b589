"""The identity of a base model: one digest over every file of its folder."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import rfc8785

if TYPE_CHECKING:
    from pathlib import Path

REQUIRED_PARTS = ("text_encoder", "tokenizer", "unet", "vae", "scheduler")


class BaseRefusedError(ValueError):
    """A folder is not a base model that this product can train on."""


def file_sha256(path: Path) -> str:
    """The sha256 of a file's bytes, as bare lowercase hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder_digest(folder: Path) -> str:
    """The sha256 of the canonical JSON object {relative path: sha256 of the file}.

    Hidden files and folders (a download cache, for example) are no part of a model. A link to a
    folder is refused (BaseRefusedError): loading would follow it, and the digest would not.
    """
    linked = [path for path in folder.rglob("*") if path.is_symlink() and path.is_dir()]
    if linked:
        raise BaseRefusedError(
            f"{linked[0].relative_to(folder)} is a link to a folder: copy the folder there."
        )
    files = {
        path.relative_to(folder).as_posix(): file_sha256(path)
        for path in folder.rglob("*")
        if path.is_file() and not any(p.startswith(".") for p in path.relative_to(folder).parts)
    }
    return hashlib.sha256(rfc8785.dumps(dict(files))).hexdigest()


def require_stable_diffusion(folder: Path) -> None:
    """Refuse a folder that is not a complete diffusers Stable Diffusion pipeline."""
    index = folder / "model_index.json"
    if not index.is_file():
        raise BaseRefusedError(
            f"{folder} has no model_index.json: give the folder of a diffusers Stable Diffusion "
            "pipeline, or convert your checkpoint to one first."
        )
    if '"StableDiffusionPipeline"' not in index.read_text(encoding="utf-8", errors="replace"):
        raise BaseRefusedError(
            f"{index} does not describe a StableDiffusionPipeline: only Stable Diffusion 1.x and "
            "2.x bases can be trained here."
        )
    missing = [part for part in REQUIRED_PARTS if not (folder / part).is_dir()]
    if missing:
        raise BaseRefusedError(
            f"{folder} lacks {', '.join(missing)}: download the base again, it is not complete."
        )
