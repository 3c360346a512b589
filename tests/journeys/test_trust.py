"""Stories of evidence, impostors, disputes, copies and names."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from provenance.attribution.expiry import expire_evidence
from provenance.models import Evidence, Level, Party

if TYPE_CHECKING:
    from tests.journeys.cast import Cast
from tests.provenance import records

YESTERDAY = timezone.now().date() - timedelta(days=1)


def test_an_impostor_publisher(cast: Cast) -> None:
    """Somebody says that they speak for the press, and permits."""
    cast.held("Example Press")
    cast.house("Example Press", checked=False).grants()
    assert cast.finds("evidence_insufficient", "not known well enough who spoke")


def test_a_sock_puppet_of_the_curator(cast: Cast) -> None:
    """The curator's second account claims the artist."""
    cast.held("Mira")
    cast.person("Mira", checked=False).grants()
    assert cast.finds("evidence_insufficient", "cannot clear this without new evidence")


def test_a_holding_that_nobody_has_checked(cast: Cast) -> None:
    """The paper is there, and waits for the reviewer."""
    paper = cast.document("I hold it, trust me")
    cast.picture(creators=["Mira"], holders=["Mira"], evidence=paper)
    cast.person("Mira").grants()
    assert cast.finds("evidence_weak", "nobody has checked the evidence")
    cast.check(paper)
    assert cast.cleared


def test_an_employee_who_may_not_sign(cast: Cast) -> None:
    """She works at the studio, and the studio says that she may not bind it."""
    cast.held("Lantern Films")
    boss = cast.house("Lantern Films")
    clerk = cast.person("Clerk", party="Lantern Films", kind="organisation")
    boss.post(f"parties/{boss.party}/signatories/", user=clerk.user.username, may_sign=False)
    clerk.grants()
    assert cast.finds("evidence_insufficient")
    boss.grants()
    assert cast.cleared


def test_evidence_ends_on_its_day(cast: Cast) -> None:
    """A power of attorney for a year."""
    cast.held("Mira")
    cast.person("Mira").grants()
    assert cast.cleared
    Evidence.objects.update(expires_on=YESTERDAY)
    expire_evidence()
    assert cast.finds("evidence_weak")


def test_the_policy_asks_for_more(cast: Cast) -> None:
    """From today on, sharing needs a checked title."""
    paper = cast.document("I hold it")
    cast.picture(creators=["Mira"], holders=["Mira"], evidence=paper)
    cast.person("Mira").grants()
    assert cast.finds("evidence_weak")
    levels = {"distribute-weights": [2, 2]}
    cast.operator.post("policy/", changes={"evidence": levels}, reason="after the scandal")
    assert cast.finds("evidence_insufficient")
    cast.check(paper)
    assert cast.cleared


def test_two_houses_claim_the_same_picture(cast: Cast) -> None:
    """Both have papers that were checked: frozen until a reviewer decides."""
    first, second = cast.house("First House"), cast.house("Second House")
    data, paper = records.picture(4713), cast.document("Our contract of 2010", by=first)
    work = first.protects(data, paper)
    cast.check(paper)
    item = cast.upload(data=data)
    cast.state(item, persons="none", collector="me", source_url="https://pictures.example/a.png")
    first.grants()
    assert cast.cleared
    theirs = cast.document("Our contract of 2012", by=second)
    claim = {"statement": "We bought it in 2012.", "evidence": theirs}
    assert "speaks for" in second.refused(f"works/{work}/disputes/", party=first.party, **claim)
    dispute = second.post(f"works/{work}/disputes/", party=second.party, **claim)["id"]
    assert cast.finds("disputed", "has not been decided")
    assert cast.outcome == "flagged"
    cast.check(theirs)
    assert cast.finds("disputed")
    assert cast.outcome == "blocked"
    judgment = cast.document("The court's judgment")
    cast.check(judgment)
    where = f"works/{work}/disputes/{dispute}/resolve/"
    cast.reviewer.post(where, sentence="First House was first.", evidence=judgment)
    assert cast.cleared


def test_a_permission_does_not_travel_with_a_copy(cast: Cast) -> None:
    """Asked for this set and answered; a copy of the set has to ask again."""
    cast.held("Mira")
    mira = cast.person("Mira")
    ask = cast.curator.post(
        "asks/", image_set=cast.set, party=mira.party, purpose="a study", model_name="harbours"
    )
    mira.post(f"asks/{ask['id']}/grant/", actions=["train", "distribute-weights"])
    assert cast.cleared
    copy = cast.curator.post(f"image-sets/{cast.set}/copy/", name="A copy")
    cast.set = copy["id"]
    assert cast.finds("licence_missing", "Ask Mira")


def test_a_set_passed_on_twice_tells_every_hand(cast: Cast) -> None:
    """Collected by one, copied by the next, and once more."""
    cast.held("Mira")
    for name in ("Second hand", "Third hand"):
        cast.set = cast.curator.post(f"image-sets/{cast.set}/copy/", name=name)["id"]
    (item,) = cast.curator.get(f"image-sets/{cast.set}/images/")["results"]
    kinds = [one["kind"] for one in item["custody"]]
    assert kinds.count("copied") == 2
    assert "collected" in kinds


def test_nobody_says_where_a_copy_came_from(cast: Cast) -> None:
    """The works are fine; how the file came here is not on record."""
    paper = cast.document("Mira holds it")
    item = cast.upload()
    cast.state(item, creators=["Mira"], holders=["Mira"], evidence=paper, persons="none")
    cast.check(paper)
    cast.person("Mira").grants()
    assert cast.finds("custody_incomplete", "Add the collector")


def test_the_set_bears_her_name_and_she_was_not_asked(cast: Cast) -> None:
    """The publisher's yes gives no right to the artist's name."""
    cast.held("Example Press", by="Mira Nightingale")
    mira = cast.person("Mira Nightingale")
    cast.house("Example Press").grants()
    Party.objects.filter(pk=mira.party).update(level=Level.DOCUMENT_CHECKED)
    _rename(cast, "Mira Nightingale style")
    assert cast.finds("name_protected", "the name of Mira Nightingale")
    mira.grants(
        actions=["use-name"], works=[], name_forms=["Mira Nightingale"], name_places=["card"]
    )
    assert cast.outcome == "blocked"
    mira.grants(actions=["use-name"], works=[], name_forms=["Mira Nightingale"])
    assert cast.outcome in ("cleared", "blocked")
    _rename(cast, "Evening harbours")
    assert cast.cleared


def _rename(cast: Cast, name: str) -> None:
    answer = cast.curator.client.patch(
        f"/api/v1/image-sets/{cast.set}/", {"name": name}, format="json"
    )
    assert answer.status_code == 200, answer.content
