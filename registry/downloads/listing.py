"""Models, files and folders as the Hub's API tells them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import yaml
from django.db.models import OuterRef, Subquery

from registry.models import Model, ReleaseFile, Revision
from registry.release.package import is_weights, lfs_pointer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

PAGE = 100
LONGEST_PAGE = 1000
LONGEST_SEARCH = 200


def released() -> QuerySet[Revision]:
    """The newest revision of each model, where it is released and not taken back."""
    newest = Revision.objects.filter(model=OuterRef("pk"), released_at__isnull=False)
    ids = Model.objects.annotate(
        newest=Subquery(newest.order_by("-released_at", "-created_at").values("pk")[:1])
    )
    found = Revision.objects.filter(state=Revision.State.RELEASED, pk__in=ids.values("newest"))
    return found.select_related("model__owner").order_by("-released_at", "-pk")


def page(asked: Mapping[str, str]) -> tuple[list[Revision], str]:
    """Models for a query of the Hub's list, and the cursor of the next page ("" at the end)."""
    found = released()
    for word in asked.get("search", "")[:LONGEST_SEARCH].split():
        owner, _, name = word.rpartition("/")
        found = found.filter(model__name__icontains=name)
        found = found.filter(model__owner__username__icontains=owner) if owner else found
    if author := asked.get("author"):
        found = found.filter(model__owner__username=author)
    size = max(1, min(_number(asked.get("limit"), PAGE), LONGEST_PAGE))
    start = _number(asked.get("cursor"), 0)
    rows = list(found[start : start + size + 1])
    return rows[:size], str(start + size) if len(rows) > size else ""


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else default  # noqa: PLR2004 - no absurd offsets


def cut(entries: list[dict[str, Any]], cursor: str) -> tuple[list[dict[str, Any]], str]:
    """One page of a tree, and the cursor of the next."""
    start = _number(cursor, 0)
    stop = start + LONGEST_PAGE
    return entries[start:stop], str(stop) if len(entries) > stop else ""


def front_matter(card: str) -> dict[str, Any]:
    """The card's YAML block, which is written by this registry."""
    parts = card.split("---\n", 2)
    data = yaml.safe_load(parts[1]) if card.startswith("---\n") and len(parts) > 2 else {}  # noqa: PLR2004
    return data if isinstance(data, dict) else {}


def describe(model: Model, revision: Revision, *, files: bool, blobs: bool) -> dict[str, Any]:
    """A model as `HfApi.model_info` reads it."""
    card = front_matter(revision.card)
    at = (revision.released_at or revision.created_at).isoformat().replace("+00:00", "Z")
    body = {
        "_id": model.pk.hex[:24],
        "id": str(model),
        "modelId": str(model),
        "author": model.owner.username,
        "sha": revision.commit,
        "createdAt": model.created_at.isoformat().replace("+00:00", "Z"),
        "lastModified": at,
        "private": revision.released_at is None,
        "gated": ("manual" if model.by_approval else "auto") if revision.terms else False,
        "disabled": False,
        "downloads": revision.downloads.count() if files else 0,
        "likes": 0,
        "library_name": card.get("library_name"),
        "pipeline_tag": card.get("pipeline_tag"),
        "tags": [*card.get("tags", []), f"license:{card.get('license', 'other')}"],
        "cardData": card,
    }
    if files:
        body["siblings"] = [_sibling(file, blobs=blobs) for file in revision.files.all()]
    return body


def _sibling(file: ReleaseFile, *, blobs: bool) -> dict[str, Any]:
    body: dict[str, Any] = {"rfilename": file.path}
    if blobs:
        body |= {"size": file.size, "blobId": file.git_oid}
        if is_weights(file.path):
            body["lfs"] = {"sha256": file.sha256, **_sizes(file)}
    return body


def _sizes(file: ReleaseFile) -> dict[str, int]:
    return {"size": file.size, "pointerSize": len(lfs_pointer(file.sha256, file.size))}


def tree(
    revision: Revision, folder: str, *, recursive: bool, expand: bool
) -> list[dict[str, Any]] | None:
    """Files and folders below `folder` ("" is the top); None where there is no such folder."""
    prefix = f"{folder}/" if folder else ""
    inside = [file for file in revision.files.all() if file.path.startswith(prefix)]
    if not inside:
        return None
    last = _last_commit(revision) if expand else {}
    folders: dict[str, list[ReleaseFile]] = {}
    entries = []
    for file in inside:
        parts = file.path[len(prefix) :].split("/")
        depth = len(parts) if recursive else 2
        for level in range(1, min(len(parts), depth)):
            folders.setdefault(prefix + "/".join(parts[:level]), []).append(file)
        if recursive or len(parts) == 1:
            entries.append(_entry(file) | last)
    entries += [_folder(path, files) | last for path, files in folders.items()]
    return sorted(entries, key=lambda entry: entry["path"])


def _entry(file: ReleaseFile) -> dict[str, Any]:
    body = {"type": "file", "path": file.path, "size": file.size, "oid": file.git_oid}
    if is_weights(file.path):
        body["lfs"] = {"oid": file.sha256, **_sizes(file)}
    return body


def _folder(path: str, files: list[ReleaseFile]) -> dict[str, Any]:
    """A folder; its id stands for what is in it, as there is no git tree."""
    listed = "".join(f"{file.git_oid} {file.path}\n" for file in files)
    oid = hashlib.sha1(listed.encode(), usedforsecurity=False).hexdigest()
    return {"type": "directory", "path": path, "size": 0, "oid": oid}


def _last_commit(revision: Revision) -> dict[str, Any]:
    at = (revision.released_at or revision.created_at).isoformat().replace("+00:00", "Z")
    return {"lastCommit": {"id": revision.commit, "title": "Release", "date": at}}
