"""Whatever is posted to whatever address, the answer is a sentence and never a crash."""

from __future__ import annotations

import uuid

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from tests.journeys.cast import Cast, sold

JUNK = [
    {},
    [],
    "text",
    None,
    7,
    {"works": "x", "party": 7, "actions": {"a": 1}, "changes": [], "grants": [[1]], "data": None},
    {"actions": ["train"] * 5000, "territories": ["\0"], "text": "\0", "name": "\0\0"},
    {"not_after": "9999-99-99", "starts": "0000-00-00", "on": "9999-12-31", "share": "1e999"},
    {
        "not_after": "9999-12-31",
        "not_before": "0001-01-01",
        "notice_days": 10**30,
        "max_models": -1,
    },
    {
        "url": "http://[::1",
        "url_prefix": "http://\u2603@:99999/",
        "value": "a@b\nc",
        "kind": "email",
    },
    {"silent_licence": {}, "changes": {"evidence": {"train": "x"}}, "reason": " "},
    {"changes": {"evidence": [1], "silent_licence": 3, "nothing": None}, "reason": "x"},
    {"@type": "Agreement", "permission": [{"action": {"@id": []}}] * 50, "uid": {}},
    {"duties": [{"kind": "compensate", "amount": "NaN", "currency": "€"}], "blanks": {"until": []}},
    {"persons_shown": [{"name": "x" * 10**5}], "persons": [], "undoes": "x", "evidence": [None]},
    {"preset": "\U0001f4a5", "blanks": [], "credit_line": "\ud800", "address": "x@y", "user": {}},
]


def _addresses(patterns, before: str = ""):
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _addresses(one.url_patterns, path)
        elif isinstance(one, URLPattern) and path.startswith("api/v1/"):
            yield path


@pytest.fixture
def known(cast: Cast) -> dict[str, str]:
    """Ids of things that exist, by the name that an address has for them."""
    mira = cast.person("Mira")
    cast.held("Mira")
    items = cast.curator.get(f"image-sets/{cast.set}/images/")["results"]
    grant = mira.grants()
    work = items[0]["work"]
    link = cast.operator.post(f"works/{work}/chain/", **sold("Ada", "Mira"))
    return {
        "set_id": cast.set,
        "item_id": items[0]["id"],
        "work_id": work,
        "party_id": mira.party,
        "grant_id": grant["id"],
        "link_id": link["id"],
        "code": "CC0-1.0",
    }


@pytest.mark.parametrize("number", range(len(JUNK)))
def test_junk_is_answered_with_a_sentence(cast: Cast, known: dict[str, str], number: int) -> None:
    cast.operator.client.raise_request_exception = True
    addresses = list(_addresses(get_resolver("tests.provenance.addresses").url_patterns))
    assert len(addresses) > 60
    for address in addresses:
        path = _filled(address, known)
        for who in (cast.operator, cast.curator, cast.reviewer):
            for send in (who.client.post, who.client.patch):
                try:
                    answer = send("/" + path, JUNK[number], format="json")
                except UnicodeEncodeError:
                    continue  # half a character cannot be sent at all
                assert answer.status_code < 500, (path, JUNK[number], answer.content)


def _filled(address: str, known: dict[str, str]) -> str:
    return "/".join(_part(part, known) for part in address.split("/"))


def _part(part: str, known: dict[str, str]) -> str:
    if not part.startswith("<"):
        return part
    name = part.strip("<>").rpartition(":")[2]
    return known.get(name, "1" if "int:" in part else str(uuid.uuid4()))
