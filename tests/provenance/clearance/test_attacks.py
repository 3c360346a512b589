"""Facts made up so that something uncleared would look cleared, or cost without end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise, product

import pytest

from provenance.clearance.rules import (
    DelegationFact,
    Facts,
    GrantFact,
    Known,
    LayerFact,
    LinkFact,
    Outcome,
    PersonFact,
    ReservationFact,
    SignalFact,
    Use,
    WorkFact,
    evaluate,
)
from provenance.clearance.rules.title import title
from tests.provenance.clearance.build import (
    CC0,
    CHECKED,
    GRANT,
    MATCH,
    PARTIES,
    TODAY,
    USE,
    facts,
    only,
    open_findings,
    picture,
    work,
)

YESTERDAY = TODAY - timedelta(days=1)
BLANKET = replace(GRANT, works=None, given_on=date(2026, 1, 1))
SHOWN_ONLY = replace(GRANT, id="d", actions=("display",), given_on=YESTERDAY)
RESERVED = ReservationFact("studio", date(2026, 6, 1), "w")
PROHIBITED = replace(picture().said, signals=(SignalFact("xmp", "no", "prohibited"),))


@pytest.mark.parametrize(
    "named",
    [
        SHOWN_ONLY,
        replace(GRANT, id="d", given_on=YESTERDAY, not_after=YESTERDAY),
        replace(GRANT, id="d", given_on=YESTERDAY, not_before=date(2027, 1, 1)),
        replace(GRANT, id="d", given_on=YESTERDAY, territories=("DE",)),
    ],
    ids=["for something else", "over", "not begun", "elsewhere"],
)
def test_only_a_permission_of_this_very_use_lifts_a_prohibition(named: GrantFact) -> None:
    permitted = facts(work("studio"), grants=(BLANKET, named))
    assert evaluate(permitted, USE).outcome is Outcome.CLEARED

    reserved = replace(permitted, reservations=(RESERVED,))
    assert only(reserved).code == "reservation_registered"
    embedded = replace(permitted, pictures=(picture(said=PROHIBITED),))
    assert only(embedded).code == "reservation_embedded"


def test_a_claimant_of_unproven_title_lifts_no_prohibition_in_a_file() -> None:
    claimed = work("studio", title=Known.SELF_DECLARED)
    grant = replace(GRANT, given_on=YESTERDAY)
    found = evaluate(facts(claimed, picture(said=PROHIBITED), grants=(grant,)), USE)
    assert open_findings(found) == ["reservation_embedded"]


def test_a_prohibition_for_a_collection_covers_what_is_in_it() -> None:
    part = work("studio", part_of=("book",))
    reserved = replace(RESERVED, work="book")
    found = only(facts(part, grants=(BLANKET,), reservations=(reserved,)))
    assert found.code == "reservation_registered"


@pytest.mark.parametrize(
    "use", [replace(USE, actions=()), replace(USE, territories=())], ids=["nothing", "nowhere"]
)
def test_a_use_of_nothing_clears_nothing(use: Use) -> None:
    assert evaluate(facts(work("studio")), use).outcome is Outcome.BLOCKED


@pytest.mark.parametrize("shown", [None, "not read"])
def test_a_layer_that_is_not_in_the_facts_is_never_cleared(shown: str | None) -> None:
    layered = work("studio", layers=(LayerFact("artwork", "known", shown),))
    assert only(facts(layered, grants=(GRANT,))).code == "underlying_unsure"


def test_works_that_show_each_other_cost_no_more_than_there_are() -> None:
    """Every way through them would be more than 10^30."""
    names = [f"w{n}" for n in range(30)]
    licence = replace(CC0, licensor="studio")
    works = tuple(
        WorkFact(
            name,
            name,
            links=(LinkFact("studio", CHECKED),),
            licences=(licence,),
            layers=tuple(LayerFact("artwork", "known", other) for other in names),
        )
        for name in names
    )
    pictures = tuple(picture(id=name, label=name, work=name) for name in names)
    found = evaluate(Facts(TODAY, pictures, works, PARTIES), USE)
    assert found.outcome is Outcome.CLEARED

    unpermitted = (*works[:-1], replace(works[-1], licences=()))
    found = evaluate(Facts(TODAY, pictures, unpermitted, PARTIES), USE)
    assert set(found.pictures.values()) == {Outcome.BLOCKED}


def test_a_chain_of_layers_is_followed_to_its_end() -> None:
    """Deeper than Python lets functions call each other."""
    names = [f"w{n}" for n in range(2000)]
    works = [
        WorkFact(
            name,
            name,
            links=(LinkFact("studio", CHECKED),),
            licences=(replace(CC0, licensor="studio"),),
            layers=(LayerFact("artwork", "known", below),),
        )
        for name, below in pairwise(names)
    ]
    last = WorkFact(names[-1], "The mural", links=(LinkFact("press", CHECKED),))
    found = only(Facts(TODAY, (picture(work="w0"),), (*works, last), PARTIES))
    assert (found.code, found.missing) == ("underlying_holder_missing", ("press",))


def test_what_is_undone_in_one_country_goes_on_in_the_others() -> None:
    made = LinkFact("mira", CHECKED, id="1", kind="authored")
    licensed = LinkFact(
        "press", CHECKED, id="2", kind="exclusive-licence", grantor="mira", conveys=("*",)
    )
    ended = LinkFact(
        "mira", CHECKED, id="3", kind="termination", grantor="press", territories=("DE",),
        starts=YESTERDAY, undoes="2",
    )  # fmt: skip
    chained = work(links=(made, licensed, ended))
    for place, holder in (("DE", "mira"), ("FR", "press")):
        (found,) = title(chained, "train", place, TODAY).holders
        assert found.party == holder


def test_a_guardian_of_former_days_says_nothing_for_a_minor() -> None:
    """The same party may be their agent still."""
    actions = ("use-likeness",)
    guardian = DelegationFact("kid", "aunt", "guardian", actions, CHECKED, ends=YESTERDAY)
    agent = replace(guardian, role="agent", ends=None)
    release = GrantFact("r", "aunt", actions, None, identity=CHECKED)
    shown = picture(persons="identifiable", shown=(PersonFact("kid", minor=True),))
    asked = facts(work("studio"), shown, grants=(GRANT, release), delegations=(guardian, agent))
    assert only(asked).code == "minor_shown"
    asked = replace(asked, delegations=(replace(guardian, ends=None), agent))
    assert evaluate(asked, USE).outcome is Outcome.CLEARED


def test_every_pair_of_weaknesses_stays_uncleared() -> None:
    """Each alone keeps the picture back; none makes up for another."""
    weak = {
        "title": lambda f: replace(f, works=(work("studio", title=Known.SELF_DECLARED),)),
        "identity": lambda f: replace(f, grants=(replace(GRANT, identity=Known.SELF_DECLARED),)),
        "prohibition": lambda f: replace(f, reservations=(RESERVED,)),
        "dispute": lambda f: replace(
            f, works=tuple(replace(w, dispute="claimed") for w in f.works)
        ),
        "file": lambda f: replace(f, pictures=(picture(said=PROHIBITED),)),
    }
    good = facts(work("studio"), grants=(GRANT,))
    assert evaluate(good, USE).outcome is Outcome.CLEARED
    for one, other in product(weak.values(), repeat=2):
        assert evaluate(other(one(good)), USE).outcome is not Outcome.CLEARED


LICENSED_OUT = work(
    "studio",
    links=(
        LinkFact("studio", CHECKED, "deed", id="1"),
        LinkFact("press", CHECKED, "deed", id="2", kind="exclusive-licence", grantor="studio",
                 conveys=("*",), territories=("DE",)),
    ),
)  # fmt: skip


@pytest.mark.parametrize("territories", [("EU",), ("EEA",), ("UK",), ("de",), ("DE", "XX")])
def test_a_region_or_an_unknown_code_evades_no_exclusive_licensee(
    territories: tuple[str, ...],
) -> None:
    asked = facts(LICENSED_OUT, grants=(GRANT,))
    assert evaluate(asked, replace(USE, territories=territories)).outcome is Outcome.BLOCKED
    assert evaluate(asked, replace(USE, territories=("FR",))).outcome is Outcome.CLEARED


def test_a_work_seen_in_another_or_recognised_decides_about_the_result_as_well() -> None:
    shared = replace(CC0, code="CC-BY-SA-4.0", share_alike=True)
    plain = work("mira", id="v", licences=(replace(CC0, code="CC-BY-NC-4.0", commercial=False),))
    mural = work("mira", id="m", licences=(shared,))
    showing = replace(plain, layers=(LayerFact("artwork", "known", "m"),))
    deep = work("mira", id="d", licences=(CC0,), layers=(LayerFact("artwork", "known", "v"),))
    deep_showing = (deep, replace(showing, id="v"))
    matched = picture(work="v", matches=(replace(MATCH, work="m"),))
    for works, shown in (
        ((showing, mural), picture(work="v")),
        ((*deep_showing, mural), picture(work="d")),
        ((plain, mural), matched),
    ):
        found = evaluate(replace(facts(works[0], shown), works=works), USE)
        assert "licence_incompatible" in open_findings(found)
