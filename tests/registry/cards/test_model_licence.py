"""A model's licence follows from its inputs; the strictest decides and nothing is the default."""

from __future__ import annotations

import pytest

from registry.cards.rules import CardRefusedError, LicenceInput, licence_of, model_licence
from tests.card_fixtures import ALL, facts, grant, work

CC0 = LicenceInput("a", "CC0-1.0")
BY = LicenceInput("b", "CC-BY-4.0")


def granted(name="g", **changes):
    return LicenceInput("c", None, (grant(name, **changes),))


def test_cc0_alone_is_open():
    licence = model_licence([CC0, LicenceInput("x", "LicenseRef-PDM-1.0")])
    assert licence.hub == "cc0-1.0"
    assert not licence.attribution
    assert all(answer.permitted for answer in licence.answers.values())


def test_one_attribution_work_asks_for_attribution_of_the_model():
    licence = model_licence([CC0, BY])
    assert (licence.hub, licence.attribution, licence.non_commercial) == (
        "cc-by-4.0",
        ("CC BY 4.0",),
        False,
    )


def test_two_different_public_licences_are_told_as_both():
    licence = model_licence([BY, LicenceInput("base", "Apache-2.0"), CC0])
    assert (licence.hub, licence.name) == ("other", "imprimatur-combined")
    assert [terms.name for terms in licence.licences] == ["Apache 2.0", "CC BY 4.0", "CC0 1.0"]


def test_an_open_rail_base_hands_on_its_restrictions():
    licence = model_licence([CC0, LicenceInput("base", "creativeml-openrail-m")])
    assert (licence.hub, licence.restricts_use) == ("creativeml-openrail-m", True)


def test_a_grant_makes_it_other_with_the_strictest_conditions():
    licence = model_licence([
        CC0,
        granted("g1", permits=ALL - {"commercial-outputs"}, until="2028-01-01"),
        granted("g2", until="2027-01-01", territories=frozenset({"DE", "FR"})),
        granted("g3", territories=frozenset({"FR"})),
    ])  # fmt: skip
    assert (licence.hub, licence.name) == ("other", "imprimatur-grants")
    assert licence.non_commercial
    assert licence.until == "2027-01-01"
    assert licence.territories == {"FR"}
    assert licence.answers["commercial-outputs"].sources == ("grant g1",)


@pytest.mark.parametrize("action", sorted(ALL - {"train"}))
def test_one_silent_grant_is_a_no(action):
    licence = model_licence([CC0, granted("g1"), granted("g2", permits=ALL - {action})])
    assert not licence.answers[action].permitted
    assert licence.answers[action].sources == ("grant g2",)


def test_grants_without_a_common_country_allow_no_release():
    inputs = [granted("g1", territories=frozenset("A")), granted("g2", territories=frozenset("B"))]
    with pytest.raises(CardRefusedError, match="no country"):
        model_licence(inputs)


@pytest.mark.parametrize("licence", ["CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "unknown", "", "cc0-1.0"])
def test_a_licence_unknown_here_is_refused(licence):
    with pytest.raises(CardRefusedError, match="not known here"):
        model_licence([CC0, LicenceInput("work-9", licence)])


def test_share_alike_passes_to_the_model_and_takes_attribution_works_along():
    licence = model_licence([LicenceInput("w", "CC-BY-SA-3.0"), BY, CC0])
    assert (licence.hub, licence.name) == ("cc-by-sa-3.0", None)
    assert licence.attribution == ("CC BY 4.0", "CC BY-SA 3.0")


@pytest.mark.parametrize(
    "other",
    [LicenceInput("x", "CC-BY-SA-4.0"), LicenceInput("x", "Apache-2.0"), granted("g1")],
    ids=["another share-alike", "another licence", "a grant"],
)
def test_share_alike_beside_what_it_does_not_allow_to_add_is_refused(other):
    with pytest.raises(CardRefusedError, match="leave one of them out"):
        model_licence([LicenceInput("w", "CC-BY-SA-3.0"), other])


def test_nothing_on_record_is_never_a_default():
    with pytest.raises(CardRefusedError, match="No licence and no grant"):
        model_licence([CC0, LicenceInput("work-9")])
    with pytest.raises(CardRefusedError, match="Nothing went into"):
        model_licence([])
    with pytest.raises(CardRefusedError, match="empty set"):
        licence_of(facts(works=()))


def test_a_grant_that_does_not_permit_training_is_refused():
    with pytest.raises(CardRefusedError, match="does not permit training"):
        model_licence([granted(permits=ALL - {"train"})])


def test_a_work_whose_grant_is_not_among_the_facts_is_refused():
    with pytest.raises(CardRefusedError, match="not given here"):
        licence_of(facts(works=(work(1, grants=("absent",)),)))


def test_the_base_is_one_of_the_inputs():
    assert licence_of(facts(works=(work(1, licence="CC0-1.0"),))).hub == "cc0-1.0"
