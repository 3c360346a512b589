"""Stories of who made a work and who may decide about it."""

from __future__ import annotations

from tests.journeys.cast import Cast, sold


def test_an_employees_drawing_is_the_studios_to_permit(cast: Cast) -> None:
    """Work for hire: the animator's yes is no yes of the studio that employed her."""
    mira, studio = cast.person("Mira"), cast.house("Lantern Films")
    cast.held("Lantern Films", by="Mira")
    assert cast.finds("licence_missing", "Ask Lantern Films")
    mira.grants()
    assert cast.finds("creator_is_not_holder", "a creator's yes is not a rights-holder's yes")
    studio.grants()
    assert cast.cleared


def test_a_commission_without_a_contract_stays_with_the_artist(cast: Cast) -> None:
    """A magazine paid for the picture; nobody wrote anything down."""
    mira, magazine = cast.person("Mira"), cast.house("Weekly Light")
    cast.held("Mira")
    magazine.grants()
    assert cast.finds("licence_missing", "grant of Mira")
    mira.grants()
    assert cast.cleared


def test_two_authors_and_one_refuses(cast: Cast) -> None:
    """A picture book by a writer and an illustrator who own it together."""
    mira, tom = cast.person("Mira"), cast.person("Tom")
    paper = cast.document("Mira and Tom made it together")
    cast.picture(creators=["Mira", "Tom"], holders=["Mira", "Tom"], evidence=paper)
    cast.check(paper)
    mira.grants()
    assert cast.finds("co_holder_missing", "Tom gave no permission")
    tom.grants()
    assert cast.cleared


def test_three_heirs_of_whom_one_cannot_be_found(cast: Cast) -> None:
    """The painter died; her children share the rights, and silence is never yes."""
    paper = cast.document("Certificate of inheritance")
    work = cast.picture(creators=["Ines"], holders=["Ines"], evidence=paper)
    cast.chain(
        work,
        paper,
        *({"kind": "inheritance", "party": heir, "grantor": "Ines", "share": share}
          for heir, share in (("Ada", "33.333"), ("Bo", "33.333"), ("Cem", "33.334"))),
    )  # fmt: skip
    cast.check(paper)
    for heir in ("Ada", "Bo"):
        cast.person(heir).grants()
    assert cast.finds("co_holder_missing", "Ask Cem as well")


def test_the_publisher_bought_it_and_the_artists_yes_is_too_late(cast: Cast) -> None:
    """Sold in 2015 with everything; in 2026 the artist would still like to decide."""
    mira, press = cast.person("Mira"), cast.house("Example Press")
    paper = cast.document("Contract of 2015")
    work = cast.picture(creators=["Mira"], holders=["Mira"], evidence=paper)
    cast.chain(work, paper, sold("Example Press", "Mira", starts="2015-03-01"))
    cast.check(paper)
    mira.grants()
    assert cast.finds("creator_is_not_holder", "the rights are held by Example Press")
    press.grants()
    assert cast.cleared


def test_an_orphan_work_stays_out(cast: Cast) -> None:
    """A postcard of 1962; nobody knows who drew it."""
    cast.picture("Postcard")
    assert cast.finds("rights_holder_unknown", "Nobody has said who holds the rights")


def test_a_generated_picture_is_recorded_as_such(cast: Cast) -> None:
    """The curator made a picture with a generator and permits it."""
    cast.person("Mira").grants()
    cast.held("Mira", made_by="generated")
    assert cast.finds("synthetic_source", "whose own training data is not on record")


def test_an_agent_permits_within_what_the_artist_gave_out_of_hand(cast: Cast) -> None:
    """An agency decides about training; about sharing weights Mira decides herself."""
    mira, agency = cast.person("Mira"), cast.house("Best Agency")
    cast.held("Mira")
    mira.post(
        f"parties/{mira.party}/delegations/",
        agent=agency.party,
        role="agent",
        actions=["train"],
    )
    agency.grants()
    assert cast.outcome == "blocked"
    mira.post(
        f"parties/{mira.party}/delegations/",
        agent=agency.party,
        role="agent",
        actions=["train", "distribute-weights"],
    )
    assert cast.outcome in ("cleared", "flagged")
