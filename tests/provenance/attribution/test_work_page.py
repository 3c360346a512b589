from __future__ import annotations

import pytest
from defusedxml.ElementTree import fromstring
from django.urls import reverse

from provenance.attribution.diagram import diagram
from provenance.attribution.links import Link
from provenance.models import Layer, TitleLink
from tests.provenance import records

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(rights):
    return reverse("provenance:work", args=[rights.works[0].pk])


def text(answer) -> str:
    return answer.content.decode()


def test_the_page_tells_who_holds_what_and_is_linked_from_the_picture(client, rights, page):
    client.force_login(rights.studio)
    shown = text(client.get(page))
    assert "Lantern Films is stated to hold the rights" in shown
    assert "Nothing here looks for characters or faces" in shown
    assert "Maren Solvik" in shown
    client.force_login(rights.applicant)
    assert page in text(client.get(reverse("provenance:item", args=[rights.items[0].pk])))


def test_a_holder_adds_a_link_on_the_page_and_it_is_drawn(client, rights, page):
    client.force_login(rights.studio)
    sent = {
        "do": "link", "kind": "assignment", "party": "Quill Books", "grantor": "Lantern Films",
        "conveys": ["train", "display"], "starts": "2019-04-01", "territories": "DE, FR",
    }  # fmt: skip
    shown = text(client.post(page, sent, follow=True))
    assert (
        "2019-04-01: Lantern Films assigned train, display to Quill Books, in DE, FR only" in shown
    )
    assert "<svg" in shown
    assert "assignment 2019" in shown


def test_a_refusal_stands_at_the_form_and_nothing_is_written(client, rights, page):
    client.force_login(rights.studio)
    shown = text(client.post(page, {"do": "link", "kind": "assignment", "party": "Quill Books"}))
    assert "Rights pass on from somebody" in shown
    assert TitleLink.objects.filter(work=rights.works[0]).count() == 1


def test_layers_statuses_and_identifiers_are_stated_and_taken_off_on_the_page(client, rights, page):
    client.force_login(rights.studio)
    client.post(page, {"do": "layer", "kind": "logo", "state": "unsure"})
    client.post(page, {"do": "status", "territory": "FR", "status": "in-copyright"})
    client.post(page, {"do": "identifier", "scheme": "wikidata", "value": "Q12418"})
    client.post(page, {"do": "describe", "title": "Harbour", "year": "1926", "country": "NO"})
    shown = text(client.get(page))
    assert all(words in shown for words in ("may show one", "FR: in copyright", "Q12418", "1926"))
    client.post(page, {"do": "layer-off", "number": Layer.objects.get().pk})
    assert not Layer.objects.exists()


def test_strangers_find_no_page_and_those_without_a_say_no_form(client, rights, page, stranger):
    client.force_login(stranger)
    assert client.get(page).status_code == 404
    client.force_login(records.user("looker", is_reviewer=True))
    assert "Add a link to the chain" not in text(client.get(page))
    refused = text(client.post(page, {"do": "layer", "kind": "logo", "state": "none"}))
    assert not Layer.objects.exists()
    assert "It is on record" not in refused


def test_a_drawing_has_a_box_for_each_link_beside_that_of_the_giver():
    back_and_forth = [
        Link("authored", "m", "Mira"),
        Link("assignment", "l", "<L>" * 40, grantor="m", grantor_name="Mira"),
        Link("reversion", "m", "Mira", grantor="l", grantor_name="<L>" * 40),
        Link("mandate", "s", "Society", grantor="x", grantor_name="Unknown"),
    ]
    drawn = fromstring(diagram(back_and_forth))
    svg = "{http://www.w3.org/2000/svg}"
    boxes = [(box.get("x"), box.get("y")) for box in drawn.findall(f"{svg}rect")]
    assert len(boxes) == len(set(boxes)) == 5
    assert [len({x for x, _ in boxes}), len({y for _, y in boxes})] == [3, 2]
    assert len(drawn.findall(f"{svg}path")) == 3
    assert diagram(back_and_forth[:1]) == ""
