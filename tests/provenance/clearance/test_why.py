"""Why, what if, and what the result may be used for: rules and API."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from defusedxml.ElementTree import fromstring
from django.utils import timezone

from provenance.clearance.rules.diagram import diagram
from provenance.clearance.rules.explain import explain
from provenance.clearance.rules.facts import Known
from provenance.clearance.rules.lookup import Lookup
from provenance.clearance.rules.result import result
from provenance.consent.services import give_grant, revoke_grant
from provenance.models import Layer, TitleLink, Work
from tests.provenance import records
from tests.provenance.clearance.build import CC0, GRANT, USE, facts, picture, work
from tests.provenance.clearance.cases_rights import (
    MADE,
    NON_COMMERCIAL,
    PRESS,
    SHARED,
    SOLD,
    both,
    chain,
)
from tests.provenance.rights import TERMS, Rights

API = "/api/v1/image-sets/"


def test_an_account_goes_from_the_picture_over_the_chain_to_the_grant() -> None:
    found = explain(chain(MADE, SOLD), USE, "p")
    assert found.text.splitlines() == [
        "IMG_1.jpg",
        "  shows “Lighthouse” (declared), made by Mira Example",
        "    held by Studio Example (document checked): Mira Example made it; Studio Example was "
        "assigned it by Mira Example",
        "      permits it by grant g, for distribute-weights, train in the world",
    ]


def test_of_two_answers_the_one_of_a_giver_better_known_is_rested_on() -> None:
    unknown = replace(GRANT, id="a", identity=Known.SELF_DECLARED)
    known = replace(GRANT, id="b", identity=Known.CONTACT_CONFIRMED)
    given = facts(work("studio"), grants=(unknown, known))
    assert "grant b, for distribute-weights, train" in explain(given, USE, "p").text
    assert "grant a" not in explain(given, USE, "p").text


def test_an_account_tells_what_is_missing_and_where() -> None:
    split = replace(SOLD, territories=("DE",), kind="exclusive-licence", party="press")
    found = explain(chain(MADE, SOLD, replace(split, id="5", grantor="studio")), USE, "p")
    assert "has no permission on record, for distribute-weights, train in DE" in found.text
    assert (
        "permits it by grant g, for distribute-weights, train in all other countries" in found.text
    )


def test_an_account_of_an_unknown_work_says_so() -> None:
    assert "not stated what it shows" in explain(facts(work(), picture(work=None)), USE, "p").text
    assert "held by nobody on record" in explain(facts(work()), USE, "p").text


def test_the_drawing_is_valid_and_escapes_what_people_wrote() -> None:
    found = facts(
        replace(work("studio"), title="<b>&"), picture(label='a"<script>.png'), grants=(GRANT,)
    )
    drawn = diagram(explain(found, USE, "p"))
    assert "<script>" not in drawn
    assert len(fromstring(drawn).findall("{http://www.w3.org/2000/svg}rect")) == 4


def test_the_strictest_input_decides_each_condition_of_the_result() -> None:
    until = date(2027, 1, 31)
    limited = replace(PRESS, territories=("DE", "FR"), not_after=until, works=("v",))
    held = replace(work("press"), id="v")
    found = facts(work("studio"), works=(work("studio"), held), grants=(GRANT, limited))
    shown = replace(found, pictures=(picture(), picture(id="q", work="v")))
    terms = result(Lookup(shown, replace(USE, territories=("DE",))))
    assert (terms.commercial, terms.until, terms.territories) == (False, "2027-01-31", ("DE", "FR"))
    assert terms.permitted == ("distribute-weights",)
    assert terms.inputs == (
        "the permission of Example Press",
        "the permission of Studio Example",
    )


def test_share_alike_passes_to_the_model_in_its_newest_version() -> None:
    older = replace(SHARED, code="CC-BY-SA-3.0")
    terms = result(Lookup(both(older, SHARED), USE))
    assert (terms.licence, terms.conflicts) == ("CC-BY-SA-4.0", ())
    assert result(Lookup(both(SHARED, CC0), USE)).licence == "CC-BY-SA-4.0"
    against = result(Lookup(both(SHARED, NON_COMMERCIAL), USE))
    assert against.conflicts == (("CC-BY-SA-4.0", "CC-BY-NC-4.0"),)


@pytest.fixture
def client(rights: Rights):
    return records.client_of(rights.applicant)


def _grant(rights: Rights):
    return give_grant(
        actor=records.actor(rights.studio), party=rights.lantern, terms=TERMS, works=rights.works
    )


def test_the_api_explains_a_picture_to_those_who_may_see_its_set(rights: Rights, client) -> None:
    _grant(rights)
    where = f"{API}{rights.image_set.pk}/images/{rights.items[0].pk}/explanation/"
    body = client.get(where).data
    assert body["works"][0]["steps"][0]["holder"] == "Lantern Films"
    assert body["works"][0]["steps"][0]["passes"] is True
    assert "Lantern Films is stated to hold it" in body["text"]
    assert body["diagram"].startswith("<svg")
    assert records.client_of(rights.artist).get(where).status_code == 404
    assert (
        client.get(where.replace(str(rights.items[0].pk), str(rights.lantern.pk))).status_code
        == 404
    )


def test_the_api_supposes_a_permission_and_records_nothing(rights: Rights, client) -> None:
    where = f"{API}{rights.image_set.pk}/what-if/"
    supposed = {"grants": [{"party": str(rights.lantern.pk)}]}
    answer = client.post(where, supposed, format="json").data
    assert (answer["before"], answer["after"], answer["findings"]) == ("blocked", "cleared", [])
    weak = {"grants": [{"party": str(rights.lantern.pk), "identity": "self_declared"}]}
    assert client.post(where, weak, format="json").data["after"] != "cleared"
    tomorrow = timezone.now().date() + timedelta(days=1)
    ending = {"party": str(rights.lantern.pk), "not_after": str(timezone.now().date())}
    later = client.post(where, {"grants": [ending], "on": str(tomorrow)}, format="json").data
    assert later["findings"][0]["code"] == "grant_expired"
    assert client.post(where, {"grants": []}, format="json").data["after"] == "blocked"


def test_the_api_tells_what_the_model_may_be_used_for(rights: Rights, client) -> None:
    _grant(rights)
    body = client.get(f"{API}{rights.image_set.pk}/result/").data
    assert body["permitted"] == ["distribute-weights"]
    assert body["commercial"] is False
    assert body["inputs"] == ["the permission of Lantern Films"]


def test_a_work_seen_in_another_needs_its_own_holders_and_a_loop_ends(
    rights: Rights, client
) -> None:
    grant = _grant(rights)
    mural = Work.objects.create(title="Mural")
    TitleLink.objects.create(work=mural, party=rights.maren, level=2)
    Layer.objects.create(work=rights.works[0], kind="artwork", state="known", shows=mural)
    Layer.objects.create(work=mural, kind="artwork", state="known", shows=rights.works[0])
    where = f"{API}{rights.image_set.pk}/"
    verdict = client.get(where + "verdict/").data
    assert {f["code"] for f in verdict["findings"]} == {"underlying_holder_missing"}
    supposed = {"grants": [{"party": str(rights.maren.pk)}]}
    assert client.post(where + "what-if/", supposed, format="json").data["after"] == "cleared"
    revoke_grant(actor=records.actor(rights.studio), grant=grant, reason="changed my mind")
    assert client.post(where + "what-if/", supposed, format="json").data["after"] == "blocked"
