"""Stories of licences and grants: what was permitted, to whom, for how long, on which terms."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.utils import timezone

from provenance.models import Grant

if TYPE_CHECKING:
    from tests.journeys.cast import Cast, Person

YESTERDAY = timezone.now().date() - timedelta(days=1)


def held(cast: Cast):
    """A picture of Mira's, with her papers checked; she has an account."""
    cast.held("Mira")
    return cast.person("Mira")


def decide(cast: Cast, silent: str) -> None:
    """The operator decides about licences that do not speak of training."""
    cast.operator.post("policy/", changes={"silent_licence": silent}, reason="counsel's opinion")


def test_share_alike_and_non_commercial_fit_no_model_together(cast: Cast) -> None:
    """CC BY-SA asks for a model that CC BY-NC does not allow."""
    decide(cast, "clear")
    cast.held("Ada", licence="CC-BY-SA-4.0")
    assert cast.cleared
    cast.held("Bo", licence="CC-BY-NC-4.0")
    assert cast.finds("licence_incompatible", "“CC-BY-SA-4.0” asks that the model stand under it")


def test_two_share_alike_licences_of_different_kinds(cast: Cast) -> None:
    """Free Art and Creative Commons each want the model for themselves."""
    decide(cast, "clear")
    cast.held("Ada", licence="CC-BY-SA-4.0")
    cast.held("Bo", licence="LAL-1.3")
    assert cast.finds("licence_incompatible", "LAL-1.3")


def test_the_site_decides_about_licences_that_do_not_speak_of_training(cast: Cast) -> None:
    """CC BY is from before the question: shipped as a flag, and never silently changed."""
    cast.held("Ada", licence="CC-BY-4.0")
    assert cast.finds("licence_silent", "does not speak of training")
    cast.operator.post(
        "policy/", changes={"silent_licence": "block"}, reason="until a court has spoken"
    )
    assert cast.finds("licence_forbids_use", "CC-BY-4.0")
    decide(cast, "clear")
    assert cast.cleared
    told = cast.curator.refused("policy/", changes={"silent_licence": "clear"}, reason="I say so")
    assert "role" in told


def test_no_derivatives_means_no(cast: Cast) -> None:
    """A model passed on may be a derivative."""
    cast.held("Ada", licence="CC-BY-ND-4.0")
    assert cast.finds("licence_forbids_use", "Ask Ada for a grant of their own")


def test_a_licence_that_somebody_else_put_on_it(cast: Cast) -> None:
    """An uploader wrote CC0 on a picture that the studio holds."""
    paper = cast.document("The studio holds it")
    item = cast.upload()
    cast.state(item, creators=["Mira"], holders=["Lantern Films"], evidence=paper, persons="none")
    told = cast.curator.client.patch(
        f"/api/v1/image-sets/{cast.set}/images/{item}/",
        {"licence": "CC-WHATEVER"},
        format="json",
    )
    assert told.status_code == 400
    assert "SPDX" in told.content.decode()
    assert cast.outcome == "blocked"


def test_a_permission_for_one_base_only(cast: Cast) -> None:
    """She knows that base, and no other."""
    held(cast).grants(bases=["clean-base"])
    assert cast.finds("grant_scope", "not for all of this use")


def test_a_permission_for_research_only(cast: Cast) -> None:
    """A set that does not say what it is for is not for research."""
    held(cast).grants(purposes=["research"])
    assert cast.finds("grant_scope")


def test_a_permission_to_train_but_not_to_share(cast: Cast) -> None:
    """She may train for herself; giving it away needs another yes."""
    mira = held(cast)
    mira.grants(actions=["train"])
    assert cast.finds("grant_scope", "(give the model to others)")
    mira.grants(actions=["distribute-weights"])
    assert cast.cleared


def test_a_permission_for_one_country(cast: Cast) -> None:
    """Good for Germany; the model goes to all the world."""
    held(cast).grants(territories=["DE"])
    assert cast.finds("territory_uncovered", "in: the world")


def test_a_permission_to_somebody_else(cast: Cast) -> None:
    """She knows another curator, and not this one."""
    mira = held(cast)
    other = cast.person("Otto")
    made = mira.post("grants/odrl/", **_odrl(mira, str(other.user.pk)))
    assert made["assigner_name"] == "Mira"
    assert cast.finds("grant_revoked", "only Mira can permit it again")


def _odrl(mira: Person, assignee: str) -> dict[str, object]:
    """Her own permission, taken out as ODRL and given again to one person."""
    given = mira.grants()
    document: dict[str, object] = mira.get(f"grants/{given['id']}/odrl/")
    mira.post(f"grants/{given['id']}/revoke/", reason="only for Otto")
    to_one = {"@type": "Agreement", "assignee": f"urn:uuid:{assignee}", "uid": uuid4().urn}
    return document | to_one


def test_a_permission_ends_by_its_date(cast: Cast) -> None:
    """Until yesterday it was fine."""
    given = held(cast).grants()
    assert cast.cleared
    Grant.objects.filter(pk=given["id"]).update(not_after=YESTERDAY)
    assert cast.finds("grant_expired", "renew it")


def test_a_permission_is_withdrawn(cast: Cast) -> None:
    """At once, as she kept that right."""
    mira = held(cast)
    given = mira.grants()
    mira.post(f"grants/{given['id']}/revoke/", reason="I changed my mind")
    assert cast.finds("grant_revoked", "only Mira can permit it again")


def test_a_permission_is_withdrawn_with_the_notice_that_was_agreed(cast: Cast) -> None:
    """Thirty days: until then it holds, and the site knows until when."""
    mira = held(cast)
    given = mira.grants(notice_days=30)
    mira.post(f"grants/{given['id']}/revoke/", reason="in a month")
    assert cast.cleared
    Grant.objects.filter(pk=given["id"]).update(revoked_from=YESTERDAY)
    assert cast.finds("grant_revoked")


def test_a_permission_for_good_stays(cast: Cast) -> None:
    """She sold it for good, and reads so when she tries."""
    mira = held(cast)
    given = mira.grants(revocable=False)
    told = mira.refused(f"grants/{given['id']}/revoke/", reason="I changed my mind")
    assert "for good" in told
    assert cast.cleared


def test_terms_that_make_no_sense_are_refused(cast: Cast) -> None:
    """An end before the beginning; an action that nobody knows."""
    mira = held(cast)
    dates = {"not_before": "2027-02-01", "not_after": "2027-01-01"}
    assert "ends before it starts" in mira.refused(
        "grants/", party=mira.party, actions=["train"], **dates
    )
    assert "Unknown action" in mira.refused("grants/", party=mira.party, actions=["sell"])


def test_do_not_train_by_work_and_its_later_yes(cast: Cast) -> None:
    """She forbids one picture, and a general permission does not lift that."""
    work = cast.held("Mira")
    mira = cast.person("Mira")
    mira.grants()
    mira.post("reservations/", party=mira.party, work=work, statement="not this one")
    assert cast.finds("reservation_registered", "grant that names this work")
    mira.grants(works=[work])
    assert cast.cleared


def test_do_not_train_on_what_lies_at_an_address(cast: Cast) -> None:
    """A gallery reserves its pages; nobody has checked that they are the gallery's."""
    held(cast).grants()
    gallery = cast.house("Gallery")
    gallery.post("reservations/", party=gallery.party, url_prefix="https://pictures.example/")
    assert cast.finds("reservation_address", "Gallery has forbidden training on what lies at")


def test_a_holder_permits_and_the_creator_objects(cast: Cast) -> None:
    """The publisher may; Mira would rather not. A person decides."""
    cast.held("Example Press", by="Mira")
    mira, press = cast.person("Mira"), cast.house("Example Press")
    press.grants()
    assert cast.cleared
    mira.post("reservations/", party=mira.party, statement="please do not")
    assert cast.finds("creator_objects", "Mira, who made “Harbour”")
