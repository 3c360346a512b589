"""Files of a release over HTTP: ranges, conditions, and constant memory."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import storages
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.views.decorators.http import require_safe

from accounts.errors import RefusedError
from registry.downloads import rules
from registry.downloads.answers import TemporaryRedirect, hub_view, no_entry, require_gate
from registry.downloads.hub import open_revision
from registry.downloads.links import opened
from registry.downloads.services import note_download
from registry.release.package import is_weights, release_folder
from registry.release.stored import STORAGE, is_stored_apart, stored_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from uuid import UUID

    from django.http import HttpRequest

    from accounts.actors import Actor
    from registry.models import ReleaseFile, Revision

CHUNK = 1024 * 1024
TYPES = {
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
}


@require_safe
def linked(
    request: HttpRequest, revision_id: UUID, token: str
) -> HttpResponse | StreamingHttpResponse:
    """One file by a link that was made for somebody."""
    try:
        actor, revision, file = opened(revision_id, token)
    except RefusedError as refusal:
        return HttpResponse(str(refusal), status=refusal.status, content_type="text/plain")
    return _give(request, actor, revision, file)


@hub_view("GET", "HEAD")
def resolve(
    request: HttpRequest, actor: Actor | None, owner: str, name: str, rev: str, path: str
) -> HttpResponse | StreamingHttpResponse:
    """One file. `main` leads to the commit, so that a release in between mixes no bytes."""
    model, revision = open_revision(request, actor, owner, name, rev)
    require_gate(actor, model, revision)
    file = revision.files.filter(path=path).first()
    if file is None:
        raise no_entry(revision)
    if rev != revision.commit:
        target = f"/{owner}/{name}/resolve/{revision.commit}/{quote(path)}"
        return TemporaryRedirect(target, headers=_headers(revision, file))
    return _give(request, actor, revision, file)


def _give(
    request: HttpRequest, actor: Actor | None, revision: Revision, file: ReleaseFile
) -> HttpResponse | StreamingHttpResponse:
    if request.method == "GET" and actor is not None:
        note_download(actor=actor, revision=revision)
    return serve(request, revision, file)


def etag_of(file: ReleaseFile) -> str:
    """A strong entity tag: the sha256 of weights, the git blob id of anything else."""
    return f'"{file.sha256 if is_weights(file.path) else file.git_oid}"'


def _headers(revision: Revision, file: ReleaseFile) -> dict[str, str]:
    headers = {"X-Repo-Commit": revision.commit, "ETag": etag_of(file), "Accept-Ranges": "bytes"}
    if is_weights(file.path):
        headers |= {"X-Linked-Etag": etag_of(file), "X-Linked-Size": str(file.size)}
    return headers


def serve(
    request: HttpRequest, revision: Revision, file: ReleaseFile
) -> HttpResponse | StreamingHttpResponse:
    """The file, or the part of it that is asked for; access has been decided before."""
    headers = _headers(revision, file)
    headers["Cache-Control"] = "private, no-cache"  # each use asks whether it is still permitted
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    etag = headers["ETag"]
    if rules.matches(request.headers.get("If-None-Match", ""), etag):
        return HttpResponse(status=304, headers=headers)
    wanted, if_range = (request.headers.get(name, "") for name in ("Range", "If-Range"))
    try:
        part = rules.part_of(file.size, wanted=wanted, if_range=if_range, etag=etag)
    except rules.UnsatisfiableError:
        headers["Content-Range"] = f"bytes */{file.size}"
        return HttpResponse(status=416, headers=headers)
    suffix = file.path[file.path.rfind(".") :]
    headers["Content-Type"] = TYPES.get(suffix, "application/octet-stream")
    headers["Content-Disposition"] = f'inline; filename="{file.path.rsplit("/", 1)[-1]}"'
    if request.method == "GET" and is_stored_apart(file.path):
        return _by_storage(revision, file)
    if settings.X_ACCEL_PATH and request.method == "GET":
        return _by_nginx(revision, file, headers)
    headers["Content-Length"] = str(part.size)
    if part.partial:
        stop = part.start + part.size - 1
        headers["Content-Range"] = f"bytes {part.start}-{stop}/{file.size}"
    status = 206 if part.partial else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    body = read_part(release_folder(revision.commit) / file.path, part)
    return StreamingHttpResponse(body, status=status, headers=headers)


def _by_storage(revision: Revision, file: ReleaseFile) -> HttpResponseRedirect:
    """Access is decided here; the storage's own short-lived address gives the bytes."""
    address = storages[STORAGE].url(stored_key(revision.commit, file.path))
    headers = _headers(revision, file) | {"Cache-Control": "private, no-store"}
    return HttpResponseRedirect(address, headers=headers)


def _by_nginx(revision: Revision, file: ReleaseFile, headers: dict[str, str]) -> HttpResponse:
    """Access is decided here; the bytes and their ranges are nginx's (docs/releases.md)."""
    own = {name: value for name, value in headers.items() if name != "Accept-Ranges"}
    path = quote(f"{settings.X_ACCEL_PATH}/{revision.commit}/{file.path}")
    return HttpResponse(headers=own | {"X-Accel-Redirect": path})


def read_part(path: Path, part: rules.Part) -> Iterator[bytes]:
    """The bytes of one part, in pieces of at most CHUNK."""
    left = part.size
    with path.open("rb") as file:
        file.seek(part.start)
        while left and (piece := file.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece
