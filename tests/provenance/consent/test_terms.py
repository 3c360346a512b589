"""What a grant may say, and what it may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from provenance.clearance.rules.sentences import ACTIONS
from provenance.consent.presets import PRESETS, terms_of
from provenance.consent.rules import (
    Attribute,
    Compensate,
    DeleteAfter,
    Inform,
    Terms,
    after_end_sentence,
    duty_of,
    duty_record,
    objections,
    strictest_end,
)
from provenance.models import Action

TODAY = date(2026, 11, 24)
LATER = date(2030, 1, 1)
PLAIN = Terms(actions=("train",))
NAME = Terms(actions=("use-name",), name_forms=("Maren",))
FILLED = {
    "until": "2030-01-01",
    "credit_line": "© Maren",
    "amount": "20.50",
    "currency": "EUR",
    "name_forms": "Maren Solvik",
}


def wrong(terms: Terms, *, is_person: bool = True) -> str:
    return " ".join(objections(terms, is_person=is_person, today=TODAY))


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        (replace(PLAIN, purposes=("war",)), "Unknown purpose: war"),
        (replace(PLAIN, recipients=("friends",)), "Unknown recipient: friends"),
        (replace(PLAIN, max_models=0), "number of models"),
        (replace(PLAIN, max_models=10**6), "number of models"),
        (replace(PLAIN, after_end="perhaps"), "Unknown rule for copies"),
        (replace(PLAIN, after_end="until"), "until which day"),
        (replace(PLAIN, after_end="stay", after_end_on=LATER), 'goes with "until" alone'),
        (
            replace(PLAIN, after_end="until", after_end_on=TODAY, not_after=LATER),
            "before the permission ends",
        ),
        (replace(PLAIN, notice_days=30, revocable=False), "make it revocable"),
        (replace(PLAIN, notice_days=-1), "Notice is from 0"),
        (replace(NAME, name_places=("tattoo",)), "Unknown place for a name: tattoo"),
        (replace(NAME, name_forms=()), "which forms"),
        (replace(NAME, name_forms=(" ",)), "which forms"),
        (replace(PLAIN, name_forms=("Maren",)), "need the action use-name"),
        (replace(PLAIN, duties=(Compensate("-5", "EUR"),)), "more than nothing"),
        (replace(PLAIN, duties=(Compensate("0", "EUR"),)), "more than nothing"),
        (replace(PLAIN, duties=(Compensate("1e9", "EUR"),)), "plain number"),
        (replace(PLAIN, duties=(Compensate("5", "euro"),)), "three-letter"),
        (replace(PLAIN, duties=(Inform(), Inform())), "each duty once"),
        (replace(PLAIN, duties=(Attribute(" "),)), "exact credit line"),
        (replace(PLAIN, credit_line="a", duties=(Attribute("b"),)), "Two different credit lines"),
        (replace(PLAIN, not_before=LATER, duties=(DeleteAfter(TODAY),)), "deleted before"),
        (replace(PLAIN, credit_line="x" * 301), "300 characters"),
        (replace(PLAIN, bases=("b",) * 101), "at most 100"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(terms: Terms, says: str) -> None:
    assert says in wrong(terms)


def test_terms_that_say_everything_are_in_order() -> None:
    terms = replace(
        NAME,
        actions=("train", "use-name"),
        name_places=("card",),
        purposes=("research", "product"),
        recipients=("registered",),
        max_models=3,
        duties=(Inform(), Compensate("120.50", "EUR"), DeleteAfter(LATER), Attribute("© M")),
        notice_days=30,
        after_end="until",
        after_end_on=LATER,
    )
    assert wrong(terms) == ""
    assert terms.credit_line == "© M"


def test_a_credit_line_is_a_duty_to_attribute() -> None:
    assert Terms(("train",), credit_line="© M").duties == (Attribute("© M"),)


@pytest.mark.parametrize(
    "duty", [Attribute("© M"), Inform(), Compensate("1.50", "CHF"), DeleteAfter(LATER)]
)
def test_a_duty_is_stored_and_read_back(duty) -> None:
    assert duty_of(duty_record(duty)) == duty


@pytest.mark.parametrize(
    "record",
    [
        None,
        "attribute",
        {},
        {"kind": ["x"]},
        {"kind": "sing"},
        {"kind": "inform", "when": "now"},
        {"kind": "compensate", "amount": 5, "currency": "EUR"},
        {"kind": "delete_after", "date": "soon"},
    ],
)
def test_a_duty_that_is_not_known_is_refused(record) -> None:
    with pytest.raises(ValueError, match=r"."):
        duty_of(record)


def test_the_strictest_end_decides_what_holds_for_a_copy() -> None:
    stay, soon, late = ("stay", None), ("until", TODAY), ("until", LATER)
    assert strictest_end([stay, late, soon]) == soon
    assert strictest_end([stay, ("delete", None), soon]) == ("delete", None)
    assert strictest_end([stay]) == stay
    assert after_end_sentence(*soon).endswith("until 2026-11-24 and must then be deleted.")
    assert "must be deleted" in after_end_sentence("delete", None)
    assert "stay licensed" in after_end_sentence("stay", None)


@pytest.mark.parametrize("key", PRESETS)
def test_every_form_in_plain_words_compiles_to_terms_that_are_in_order(key: str) -> None:
    blanks = {blank.name: FILLED[blank.name] for blank in PRESETS[key].blanks}
    terms = terms_of(key, blanks)
    assert objections(terms, is_person=True, today=TODAY) == []
    assert terms.not_after == LATER


@pytest.mark.parametrize(
    ("key", "blanks", "says"),
    [
        ("gift", {}, "no form called 'gift'"),
        ("research", {}, "Fill in: Until which day"),
        ("research", {"until": "soon"}, "2030-12-31"),
        ("research", {"until": "2030-01-01", "colour": "red"}, "no blank called colour"),
        ("share-with-credit", {"credit_line": ["x"]}, "at most"),
        ("name-on-card", {"name_forms": [{"a": 1}]}, "at most"),
    ],
)
def test_a_form_that_is_filled_in_wrongly_is_refused(key: str, blanks: dict, says: str) -> None:
    from accounts.errors import InvalidError

    with pytest.raises(InvalidError) as refusal:
        terms_of(key, blanks)
    assert says in str(refusal.value)


def test_findings_have_words_for_every_action() -> None:
    assert set(ACTIONS) == set(Action.values)
