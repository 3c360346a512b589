"""Stories of how rights moved: contracts, territories, reversals, gaps."""

from __future__ import annotations

from typing import Any

from tests.journeys.cast import Cast, sold


def contract(cast: Cast, *links: dict[str, Any]) -> str:
    """A picture that Mira made, with these links behind it, all checked."""
    paper = cast.document("All contracts")
    work = cast.picture(creators=["Mira"], holders=["Mira"], evidence=paper)
    cast.chain(work, paper, *links)
    cast.check(paper)
    return work


def test_a_contract_of_1998_does_not_speak_of_training(cast: Cast) -> None:
    """It conveys printing and showing. Both sides have to permit what nobody thought of."""
    mira, press = cast.person("Mira"), cast.house("Example Press")
    contract(cast, sold("Example Press", "Mira", conveys=["display"], starts="1998-05-01"))
    mira.grants()
    assert cast.finds("title_silent_on_training", "does not speak of this")
    press.grants()
    assert cast.cleared


def test_a_later_amendment_settles_what_the_contract_left_open(cast: Cast) -> None:
    """In 2024 they signed that training is the publisher's to permit."""
    press = cast.house("Example Press")
    contract(
        cast,
        sold("Example Press", "Mira", conveys=["display"], starts="1998-05-01"),
        sold("Example Press", "Mira", starts="2024-01-01"),
    )
    press.grants()
    assert cast.cleared


def test_a_contract_that_reserves_training_leaves_it_with_the_artist(cast: Cast) -> None:
    """The publisher got everything but what machines do."""
    mira, press = cast.person("Mira"), cast.house("Example Press")
    kept = ["train", "distribute-weights"]
    contract(cast, sold("Example Press", "Mira", conveys=["display"], reserves=kept))
    press.grants()
    assert cast.finds("licence_missing", "Ask Mira")
    mira.grants()
    assert cast.cleared


def test_an_exclusive_licensee_decides_in_its_own_country(cast: Cast) -> None:
    """Licensed to a German publisher for Germany; everywhere else Mira decides."""
    mira, press = cast.person("Mira"), cast.house("Verlag")
    contract(
        cast,
        sold("Verlag", "Mira", kind="exclusive-licence", territories=["DE"], starts="2020-01-01"),
    )
    mira.grants()
    assert cast.finds("territory_uncovered", "permission of Verlag on record for “Harbour” in: DE")
    press.grants(territories=["DE"])
    assert cast.cleared


def test_rights_come_back_when_the_contract_ends(cast: Cast) -> None:
    """Assigned for ten years, until 2019."""
    cast.person("Mira").grants()
    contract(cast, sold("Example Press", "Mira", starts="2009-01-01", ends="2018-12-31"))
    assert cast.cleared


def test_the_artist_takes_her_rights_back_by_law(cast: Cast) -> None:
    """Statutory termination after 35 years."""
    press = cast.house("Example Press")
    paper = cast.document("All contracts")
    work = cast.picture(creators=["Mira"], holders=["Mira"], evidence=paper)
    (link,) = cast.chain(work, paper, sold("Example Press", "Mira", starts="1985-01-01"))
    back = {"kind": "termination", "party": "Mira", "grantor": "Example Press"}
    cast.chain(work, paper, {**back, "undoes": link, "starts": "2020-01-01"})
    cast.check(paper)
    press.grants()
    assert cast.finds("licence_missing", "Ask Mira")
    cast.person("Mira").grants()
    assert cast.cleared


def test_a_contract_that_was_undone_never_was(cast: Cast) -> None:
    """The sale was rescinded for fraud."""
    cast.person("Mira").grants()
    paper = cast.document("Judgment")
    work = cast.picture(creators=["Mira"], holders=["Mira"], evidence=paper)
    (link,) = cast.chain(work, paper, sold("Sly House", "Mira", starts="2021-01-01"))
    cast.chain(
        work,
        paper,
        {"kind": "rescission", "party": "Mira", "grantor": "Sly House", "undoes": link},
    )
    cast.check(paper)
    assert cast.cleared


def test_the_same_rights_were_sold_twice(cast: Cast) -> None:
    """Once in 2010, and again in 2015."""
    cast.house("First House").grants()
    cast.house("Second House").grants()
    contract(
        cast,
        sold("First House", "Mira", starts="2010-01-01"),
        sold("Second House", "Mira", starts="2015-01-01"),
    )
    assert cast.finds("title_conflict", "to First House and to Second House")


def test_a_link_of_the_chain_is_missing(cast: Cast) -> None:
    """A dealer sells what nobody knows how the dealer got."""
    cast.house("Example Press").grants()
    contract(cast, sold("Example Press", "Dealer", starts="2015-01-01"))
    assert cast.finds("title_gap", "how Dealer came to hold")


def test_a_chain_that_bites_its_own_tail_is_refused(cast: Cast) -> None:
    """A gives to A."""
    paper = cast.document("Odd contract")
    work = cast.picture(creators=["Mira"], holders=["Mira"], evidence=paper)
    told = cast.curator.refused(f"works/{work}/chain/", **sold("Mira", "Mira"), evidence=paper)
    assert "Mira" in told


def test_more_than_all_cannot_be_given_away(cast: Cast) -> None:
    """60 per cent to one and 60 per cent to another."""
    work = contract(cast)
    operator = cast.operator
    operator.post(f"works/{work}/chain/", **sold("Ada", "Mira", share="60"))
    told = operator.refused(f"works/{work}/chain/", **sold("Bo", "Mira", share="60"))
    assert "100" in told


def test_a_contract_cannot_end_before_it_begins(cast: Cast) -> None:
    """A slip of the pen."""
    work = contract(cast)
    told = cast.operator.refused(
        f"works/{work}/chain/", **sold("Ada", "Mira", starts="2020-01-01", ends="2019-01-01")
    )
    assert "before" in told


def test_free_here_and_protected_there(cast: Cast) -> None:
    """Published in 1925: free in the United States, in copyright in the other countries."""
    paper = cast.document("Catalogue of copyright entries")
    work = cast.picture("Old poster", creators=["Ines"])
    where = f"works/{work}/statuses/"
    free = {"status": "public-domain", "reason": "published in 1925", "evidence": paper}
    cast.curator.post(where, territory="US", **free)
    cast.check(paper)
    assert cast.finds("rights_holder_unknown")
    more = cast.document("Her grave stone: died in 1926")
    cast.curator.post(where, territory="world", **{**free, "evidence": more})
    cast.check(more)
    assert cast.cleared


def test_the_public_domain_needs_evidence_too(cast: Cast) -> None:
    """Somebody says that it is free."""
    work = cast.picture("Old poster", creators=["Ines"])
    cast.curator.post(
        f"works/{work}/statuses/", territory="world", status="public-domain", reason="it is old"
    )
    assert cast.finds("status_weak", "nobody has checked the evidence")
