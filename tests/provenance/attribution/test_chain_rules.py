from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.attribution.chain_rules import objections
from provenance.attribution.links import ACTIONS, Link, overlap, sentence

NAMES = {"m": "Mira", "l": "Lantern Films", "q": "Quill Books"}


def link(kind, party, grantor=None, **more) -> Link:
    return Link(
        kind, party, NAMES[party], grantor=grantor, grantor_name=NAMES.get(grantor, ""), **more
    )


def codes(new, *others):
    return [found.code for found in objections(new, others)]


ROOT = link("authored", "m", id="root")
SOLD = link(
    "assignment", "l", "m", id="sold", conveys=("train", "display"), starts=date(2019, 4, 1)
)


def test_a_link_reads_as_a_plain_sentence():
    assert sentence(SOLD) == (
        "2019-04-01: Mira assigned train, display to Lantern Films; silent on everything else."
    )
    assert sentence(ROOT) == "Mira made it (no date)."
    kept = link("assignment", "l", "m", conveys=("*",), reserves=("train",), territories=("DE",))
    assert sentence(kept) == (
        "Mira assigned everything to Lantern Films (no date), in DE only; Mira kept train."
    )


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (link("assignment", "m", "m"), "circular_chain"),
        (link("assignment", "l"), "grantor_missing"),
        (link("authored", "l", "m"), "grantor_unfit"),
        (
            link("assignment", "l", "m", starts=date(2020, 1, 2), ends=date(2020, 1, 1)),
            "ends_before_start",
        ),
        (link("assignment", "l", "m", conveys=("sell",)), "unknown_action"),
        (link("assignment", "l", "m", conveys=("use-name",)), "unknown_action"),
        (link("assignment", "l", "m", conveys=("*",), reserves=("*",)), "unknown_action"),
        (
            link("assignment", "l", "m", conveys=("train",), reserves=("train",)),
            "conveyed_and_reserved",
        ),
        (link("assignment", "l", "m", territories=("XX",)), "unknown_territory"),
        (link("assignment", "l", "m", territories=()), "unknown_territory"),
        (link("stated", "l", share=Decimal(0)), "bad_share"),
        (link("assignment", "l", "m", undoes="sold"), "undoes_nothing"),
        (link("reversion", "m", "l"), "undoes_missing"),
        (link("reversion", "m", "l", undoes="elsewhere"), "unknown_link"),
        (link("reversion", "m", "l", undoes="root"), "undoes_no_contract"),
        (link("reversion", "q", "l", undoes="sold"), "wrong_sides"),
        (
            link("termination", "m", "l", undoes="sold", starts=date(2018, 1, 1)),
            "ends_before_start",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_its_code_and_says_what_to_do(new, code):
    found = objections(new, [ROOT, SOLD])
    assert found[0].code == code
    assert found[0].remedy


def test_rights_come_back_only_where_dates_tell_what_came_first():
    assert codes(link("assignment", "m", "l"), ROOT, SOLD) == ["circular_chain"]
    assert codes(link("assignment", "m", "l", starts=date(2019, 4, 1)), SOLD) == ["circular_chain"]
    assert codes(link("assignment", "m", "l", starts=date(2021, 1, 1)), ROOT, SOLD) == []


def test_a_longer_circle_without_one_date_is_refused():
    onward = link("assignment", "q", "l", id="on")
    back = link("assignment", "m", "q", starts=date(2022, 1, 1))
    assert codes(back, SOLD, onward) == ["circular_chain"]
    dated = link("assignment", "q", "l", id="on", starts=date(2020, 1, 1))
    assert codes(back, SOLD, dated) == []


def test_shares_of_joint_holders_do_not_exceed_a_hundred():
    half = link("stated", "m", id="a", share=Decimal(60))
    assert codes(link("stated", "l", share=Decimal(40)), half) == []
    assert codes(link("stated", "l", share=Decimal("40.001")), half) == ["shares_over_100"]


def test_shares_given_away_by_one_grantor_do_not_exceed_a_hundred():
    given_away = link("assignment", "l", "m", id="a", share=Decimal(70), conveys=("*",))
    again = link("assignment", "q", "m", share=Decimal(31), conveys=("*",))
    assert codes(again, ROOT, given_away) == ["shares_over_100"]
    there = link(
        "assignment", "l", "m", id="a", share=Decimal(70), conveys=("*",), territories=("US",)
    )
    here = link("assignment", "q", "m", share=Decimal(70), conveys=("*",), territories=("DE",))
    assert codes(here, ROOT, there) == []


LICENCE = link(
    "exclusive-licence", "l", "m", id="first", conveys=("display",), territories=("DE",),
    starts=date(2020, 1, 1), ends=date(2024, 12, 31),
)  # fmt: skip


def again(**more):
    return link("exclusive-licence", "q", "m", **({"conveys": ("display",)} | more))


def test_overlapping_exclusive_licences_are_refused_naming_the_other():
    (found,) = objections(again(), [ROOT, LICENCE])
    assert found.code == "overlapping_licences"
    assert "Lantern Films" in found.sentence
    assert "first" in found.sentence


@pytest.mark.parametrize(
    "more",
    [{"conveys": ("train",)}, {"territories": ("US",)}, {"starts": date(2025, 1, 1)}],
    ids=["another action", "another country", "later"],
)
def test_exclusive_licences_that_differ_in_one_thing_may_stand_side_by_side(more):
    assert codes(again(**more), ROOT, LICENCE) == []


def test_what_was_undone_is_no_longer_in_the_way():
    undone = link("reversion", "m", "l", id="back", undoes="first", starts=date(2022, 6, 1))
    assert codes(again(starts=date(2022, 6, 1)), ROOT, LICENCE, undone) == []
    assert codes(again(starts=date(2022, 5, 31)), ROOT, LICENCE, undone) == ["overlapping_licences"]
    assert codes(link("reversion", "m", "l", undoes="first"), LICENCE, undone) == ["undone_before"]


links = st.builds(
    lambda actions, places, starts, length, share: again(
        id="x", conveys=tuple(actions), territories=tuple(places), share=share, starts=starts,
        ends=starts and date.fromordinal(starts.toordinal() + length),
    ),
    st.sets(st.sampled_from([*ACTIONS, "*"]), max_size=3),
    st.sets(st.sampled_from(["world", "DE", "US", "FR"]), min_size=1),
    st.none() | st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    st.integers(0, 4000),
    st.none() | st.decimals(1, 100, places=1),
)  # fmt: skip


@given(links, links)
def test_to_overlap_is_mutual_and_refusals_come_with_it(one, other):
    assert overlap(one, other) == overlap(other, one)
    assert ("overlapping_licences" in codes(one, other)) == overlap(one, other)


@given(links, st.lists(links, max_size=4), links)
def test_another_link_on_record_never_takes_an_objection_away(new, there, more):
    assert set(codes(new, *there)) <= set(codes(new, *there, more))


@given(st.lists(st.decimals("0.1", 100, places=1), min_size=1, max_size=6))
def test_shares_that_are_accepted_one_by_one_never_exceed_a_hundred(shares):
    there: list[Link] = []
    for number, share in enumerate(shares):
        new = link("stated", "m", id=str(number), share=share)
        if not codes(new, *there):
            there.append(new)
    assert sum(one.share for one in there) <= 100


@given(links)
def test_every_link_reads_as_one_sentence(one):
    assert sentence(one).endswith(".")
    assert "Mira" in sentence(one)
