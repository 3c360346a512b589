"""The Hub's API at `/api/…`: what a model is and which files it has.

Public metadata of a gated model are shown to everybody; of one that is not served, to nobody.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import yaml
from django.http import Http404, JsonResponse

from accounts.models import User
from registry.cards.rules.schema import objections
from registry.downloads import listing
from registry.downloads.answers import (
    NOT_FOUND,
    UNAUTHORIZED,
    HubError,
    MovedError,
    absent,
    hub_view,
    no_entry,
    require_gate,
    require_served,
)
from registry.downloads.selectors import MAIN, renamed_to, revision_named
from registry.release.selectors import find_model

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.actors import Actor
    from registry.models import Model, Revision

LARGEST_BODY = 1024 * 1024
LARGEST_FRONT_MATTER = 64 * 1024


def open_revision(
    request: HttpRequest, actor: Actor | None, owner: str, name: str, rev: str = MAIN
) -> tuple[Model, Revision]:
    """The model and the revision asked for. 1. visible; 2. known; 3. served at this moment."""
    try:
        model = find_model(actor, owner, name)  # 1
    except Http404:
        raise _elsewhere(request, actor, owner, name) from None
    revision = revision_named(actor, model, rev)  # 2
    if revision is None:
        raise HubError(NOT_FOUND, "RevisionNotFound", "Invalid rev id")
    require_served(revision)  # 3
    return model, revision


def _elsewhere(
    request: HttpRequest, actor: Actor | None, owner: str, name: str
) -> MovedError | HubError:
    """Where a renamed model is, for whoever may see it; else that there is none."""
    model = renamed_to(actor, owner, name)
    if model is None:
        return absent(actor)
    path = request.get_full_path().replace(f"/{owner}/{name}", f"/{quote(str(model))}", 1)
    return MovedError(path)


@hub_view("GET", "HEAD")
def model_info(
    request: HttpRequest, actor: Actor | None, owner: str, name: str, rev: str = MAIN
) -> HttpResponse:
    """One model at one revision, with its files."""
    model, revision = open_revision(request, actor, owner, name, rev)
    blobs = request.GET.get("blobs", "").lower() in ("true", "1")
    return JsonResponse(listing.describe(model, revision, files=True, blobs=blobs))


@hub_view("GET")
def models(request: HttpRequest, _actor: Actor | None) -> HttpResponse:
    """Released models that fit `search` and `author`, a page at a time."""
    found, following = listing.page(request.GET)
    full = request.GET.get("full", "").lower() in ("true", "1")
    body = [listing.describe(r.model, r, files=full, blobs=False) for r in found]
    answer = JsonResponse(body, safe=False)
    return _with_next(answer, request, following)


def _with_next(answer: HttpResponse, request: HttpRequest, following: str) -> HttpResponse:
    """The answer with the address of the next page, where there is one."""
    if following:
        query = request.GET.copy()
        query["cursor"] = following
        here = request.build_absolute_uri(request.path)
        answer["Link"] = f'<{here}?{query.urlencode()}>; rel="next"'
    return answer


@hub_view("GET")
def tree(
    request: HttpRequest, actor: Actor | None, owner: str, name: str, rev: str, path: str = ""
) -> HttpResponse:
    """The files and folders below `path`."""
    _, revision = open_revision(request, actor, owner, name, rev)
    asked = {
        key: request.GET.get(key, "").lower() in ("true", "1") for key in ("recursive", "expand")
    }
    entries = listing.tree(revision, path.strip("/"), **asked)
    if entries is None:
        raise no_entry(revision)
    start = request.GET.get("cursor", "")
    chosen, following = listing.cut(entries, start)
    answer = JsonResponse(chosen, safe=False)
    answer["X-Repo-Commit"] = revision.commit
    return _with_next(answer, request, following)


@hub_view("POST")
def paths_info(
    request: HttpRequest, actor: Actor | None, owner: str, name: str, rev: str
) -> HttpResponse:
    """What is known of each path that the client names; unknown ones are left out."""
    _, revision = open_revision(request, actor, owner, name, rev)
    if request.content_type == "application/json":
        body = _json(request)
        paths, expand = body.get("paths", []), bool(body.get("expand"))
    else:
        paths, expand = (
            request.POST.getlist("paths"),
            request.POST.get("expand") in ("true", "True"),
        )
    if not isinstance(paths, str | list):
        raise HubError(400, "BadRequest", "`paths` is a path or a list of paths.")
    wanted = {str(path).strip("/") for path in ([paths] if isinstance(paths, str) else paths)}
    entries = listing.tree(revision, "", recursive=True, expand=expand) or []
    return JsonResponse([entry for entry in entries if entry["path"] in wanted], safe=False)


@hub_view("GET")
def refs(request: HttpRequest, actor: Actor | None, owner: str, name: str) -> HttpResponse:
    """The one branch, `main`, and the labels as tags."""
    _, revision = open_revision(request, actor, owner, name)
    main = {"name": MAIN, "ref": f"refs/heads/{MAIN}", "targetCommit": revision.commit}
    tags = [
        {
            "name": label.name,
            "ref": f"refs/tags/{label.name}",
            "targetCommit": label.revision.commit,
        }
        for label in revision.model.labels.select_related("revision")
    ]
    return JsonResponse({"branches": [main], "converts": [], "tags": tags})


@hub_view("GET", "HEAD")
def auth_check(request: HttpRequest, actor: Actor | None, owner: str, name: str) -> HttpResponse:
    """Whether this person may take the files."""
    model, revision = open_revision(request, actor, owner, name)
    require_gate(actor, model, revision)
    return JsonResponse({})


@hub_view("GET")
def whoami(_request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """Who the access token belongs to."""
    if actor is None:
        raise HubError(UNAUTHORIZED, "InvalidCredentials", "Invalid username or password.")
    user = User.objects.get(pk=actor.id)
    return JsonResponse(
        {
            "type": "user",
            "id": actor.id,
            "name": user.username,
            "fullname": user.get_full_name() or user.username,
            "isPro": False,
            "orgs": [],
            "auth": {"type": "access_token", "accessToken": {"displayName": "", "role": "read"}},
        }
    )


@hub_view("POST")
def validate_yaml(request: HttpRequest, _actor: Actor | None) -> HttpResponse:
    """Whether a card's front matter is YAML with a mapping; what `ModelCard.validate` asks."""
    content = str(_json(request).get("content", ""))
    found = [{"message": sentence[:500]} for sentence in _objections(content)]
    return JsonResponse({"errors": found, "warnings": []}, status=400 if found else 200)


def _objections(card: str) -> list[str]:
    """What is wrong with the front matter. What would grow when it is read is not read."""
    parts = card.split("---", 2)
    if not card.startswith("---"):
        return objections({})
    try:
        text = parts[1]
        if len(text) > LARGEST_FRONT_MATTER:
            return [f"The front matter has more than {LARGEST_FRONT_MATTER:,} characters."]
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            return ["The front matter refers to itself (*alias): write it out."]
        data = yaml.safe_load(text)
    except (
        yaml.YAMLError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        return [f"Not YAML: {error}"]
    if not isinstance(data, dict):
        return ["The front matter must be a mapping of keys to values."]
    return objections(data)


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body[:LARGEST_BODY])
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise HubError(400, "BadRequest", "The body must be a JSON object.")
    return body
