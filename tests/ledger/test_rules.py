from __future__ import annotations

import pytest

from ledger import rules
from ledger.rules import Event, EventRefusedError


class ThingTested(Event, kind="thing.tested"):
    value: object = None


@pytest.mark.parametrize("value", [None, True, 3, "urn:uuid:1", "", ("a", 1, None), ()])
def test_codes_may_stand_in_an_event(value: object):
    assert ThingTested(value).codes() == {"value": value}


@pytest.mark.parametrize(
    "value",
    [
        "Ann Lee",
        "ann@example.org",
        "é",
        "x" * 201,
        "a\n",
        1.5,
        2**53,
        b"x",
        ["a"],
        {"a": 1},
        ("a b",),
    ],
)
def test_words_addresses_and_other_types_may_not(value: object):
    with pytest.raises(EventRefusedError, match=r"thing\.tested\.value"):
        ThingTested(value).codes()


@pytest.mark.parametrize("kind", ["", "approved", "Request.approved", "request.", "a b.c"])
def test_an_event_without_a_proper_kind_cannot_be_declared(kind: str):
    with pytest.raises(EventRefusedError, match="needs a kind"):
        type("Bad", (Event,), {}, kind=kind)


@pytest.mark.parametrize("taken", ["codes", "kind", "statement"])
def test_names_that_an_entry_uses_itself_are_no_fields(taken: str):
    with pytest.raises(EventRefusedError, match=f"called '{taken}'"):
        type("Careless", (Event,), {"__annotations__": {taken: "str"}}, kind="thing.stated")


def test_canonical_text_is_that_of_rfc_8785():
    assert rules.canonical({"b": ["é", 1, True, None], "a": {}}) == '{"a":{},"b":["é",1,true,null]}'


def test_the_same_words_with_two_salts_have_two_commitments():
    assert rules.commitment("00" * 32, "yes") != rules.commitment("01" * 32, "yes")
