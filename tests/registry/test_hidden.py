"""A model that was never released is told apart from one that does not exist on no route at all."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver

from registry.models import AccessRequest
from tests.registry import records
from tests.registry.test_imports import make_import

ABSENT = UUID("00000000-0000-4000-8000-000000000000")
SIDES = {
    "file": "00-0.png", "index": "0", "side": "sample", "command": "release", "rev": "main",
    "path": "README.md", "decision": "approve", "token": "x",
}  # fmt: skip


def routes():
    """Every route of the registry that names something, as (pattern, names of its parts)."""

    def walk(patterns, prefix=""):
        for one in patterns:
            route = prefix + str(one.pattern)
            if isinstance(one, URLPattern):
                module = one.callback.__module__
                if module.startswith("registry.") and one.pattern.regex.groups:
                    yield route, tuple(one.pattern.regex.groupindex)
            else:
                yield from walk(one.url_patterns, route)

    return sorted(set(walk(get_resolver().url_patterns)))


def address(route, names, known):
    """The route's address with `known` parts put in."""
    if "(?P<" not in route:
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda m: known[m[1]], route)
    middle = re.search(r"/(resolve|revision|tree|paths-info|refs|auth-check)", route)
    made = "/api/models/" if "api/models" in route else "/"
    made += f"{known['owner']}/{known['model']}"
    if middle:
        made += middle[0] + (f"/{known['rev']}" if "rev" in names else "")
        made += f"/{known['path']}" if "path" in names else ""
    return made


def known_of(revision, request, imported):
    model = revision.model if revision else None
    one = str(revision.pk) if revision else str(ABSENT)
    return SIDES | {
        "revision_id": one, "other_id": one, "request_id": str(request.pk if request else ABSENT),
        "import_id": str(imported.pk if imported else ABSENT),
        "owner": "quayside", "name": model.name if model else "no-such-model",
        "model": model.name if model else "no-such-model",
    }  # fmt: skip


def told(answer, known):
    """Status, headers and body with what was asked for taken out."""
    body = b"".join(answer) if answer.streaming else answer.content
    said = [str(answer.status_code), str(sorted(answer.headers.items())), body.decode()]
    for value in {known["revision_id"], known["request_id"], known["import_id"], known["model"]}:
        said = [text.replace(value, "X") for text in said]
    return [re.sub(r"(?<=Content-Length', ')\d+|[A-Za-z0-9]{64}", "", text) for text in said]


@pytest.mark.parametrize("who", [None, "stranger"])
def test_no_route_tells_a_hidden_thing_from_an_absent_one(
    client, open_run, owner, stranger, downloader, who
):
    revision = records.build(open_run)
    asked = AccessRequest.objects.create(model=revision.model, user=downloader, purpose="x")
    hidden = known_of(revision, asked, make_import(open_run, owner))
    absent = known_of(None, None, None)
    if who:
        client.force_login(stranger)
    checked = 0
    for route, names in routes():
        wanted = [key for key in names if key not in SIDES or key == "owner"]
        if not wanted:
            continue
        for method in (client.get, client.post, client.head, client.patch):
            more = {} if method is client.head else {"content_type": "application/json"}
            data = {} if method in (client.get, client.head) else {"data": "{}"}
            found = []
            for known in (hidden, absent):
                with CaptureQueriesContext(connection) as ran:
                    answer = method(address(route, names, known), **data, **more)
                found.append((told(answer, known), len(ran)))  # more queries would take longer
            assert found[0] == found[1], (route, method.__name__)
            checked += 1
    assert checked > 100
