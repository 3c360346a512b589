"""Whatever is put into an address, a query or a body, the answer is a refusal and never a crash."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

import pytest

from accounts.tokens import create_token
from tests.registry.test_hidden import address, known_of, routes
from tests.registry.test_imports import make_import

TEXTS = ["\0", "a\0b", "x" * 300, "..", "a/b", "%2e%2e%2f", "\u202e", "\ud800x", "'", "9" * 30]
QUERIES = ["search", "author", "limit", "cursor", "q", "page", "revision", "recursive", "offset",
           "days"]  # fmt: skip
BODIES = [
    b"", b"[]", b"null", b"[" * 9000,
    b'{"name": "\\u0000", "reason": "\\u0000", "path": "\\u0000", "username": "\\u0000"}',
    b'{"successor": "x", "label": ["a"], "paths": [[{}]], "terms_sha256": {}}',
    b'{"purpose": "\\u0000", "provenance": "\\u0000", "licence": "x", "cleared": "unknown"}',
    b'{"content": "---\\na: &a [1]\\nb: [*a, *a]\\n---\\n"}', b"\xff\xfe",
]  # fmt: skip


@pytest.fixture
def known(released, owner, open_run):
    return known_of(released, None, make_import(open_run, owner))


@pytest.fixture
def as_owner(client, owner):
    return {"Authorization": f"Bearer {create_token(owner)}"}


def refused(answer):
    if answer.streaming:
        answer.close()
    return answer.status_code < 500


@pytest.mark.parametrize("text", TEXTS)
def test_no_part_of_an_address_crashes_it(client, known, as_owner, text):
    sent = quote(text, safe="", errors="surrogatepass")
    for route, names in routes():
        for name in names:
            parts = known | {name: sent, "model": sent if name == "name" else known["model"]}
            url = address(route, names, parts)
            for method in (client.get, client.post):
                assert refused(method(url, headers=as_owner)), url


@pytest.mark.parametrize("key", QUERIES)
def test_no_query_crashes_it(client, known, as_owner, key):
    texts = [quote(text, safe="", errors="surrogatepass") for text in [*TEXTS, "-1", "0"]]
    texts.append("+".join("ab"[i % 2] for i in range(1900)))
    for text in texts:
        for url in ("/api/models", "/catalogue/", f"/{known['owner']}/{known['model']}",
                    "/api/v1/models/", "/api/v1/endings/", "/api/v1/imports/",
                    f"/api/models/{known['owner']}/{known['model']}/tree/main"):  # fmt: skip
            assert refused(client.get(f"{url}?{key}={text}", headers=as_owner)), (url, text)


@pytest.mark.parametrize("body", BODIES)
def test_no_body_crashes_it(client, known, as_owner, body):
    for route, names in [*routes(), ("api/validate-yaml", ())]:
        url = address(route, names, known)
        for method in (client.post, client.patch):
            answer = method(url, data=body, content_type="application/json", headers=as_owner)
            assert refused(answer), (url, answer.content)


def test_a_page_of_no_models_does_not_lead_to_itself(client, released):
    assert "Link" not in client.get("/api/models?limit=0")


def test_no_form_crashes_it(client, known, owner):
    client.force_login(owner)
    fields = ("reason", "label", "purpose", "name", "successor", "terms_sha256", "by_approval")
    for text in ("\0", "a\0b", "x" * 9000, "\u202e"):
        for route, names in routes():
            url = address(route, names, known)
            answer = client.post(
                url, urlencode(dict.fromkeys(fields, text)), "application/x-www-form-urlencoded"
            )
            assert refused(answer), url


def yaml_of(text):
    return {
        "data": json.dumps({"content": f"---\n{text}\n---\n"}),
        "content_type": "application/json",
    }


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(["a0: &a0 [x]", *(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]"
                                    for i in range(1, 10)), "tags: *a9"]),
        "tags: [" + "{}," * 60_000 + "]",
    ],
)  # fmt: skip
def test_a_card_that_grows_when_it_is_read_is_refused_before(client, db, text):
    answer = client.post("/api/validate-yaml", **yaml_of(text))
    assert answer.status_code == 400
    assert len(answer.content) < 2000
