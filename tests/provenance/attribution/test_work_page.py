from __future__ import annotations

import re

import pytest
from defusedxml.ElementTree import fromstring
from django.urls import reverse
from django.utils import timezone

from provenance.attribution.diagram import diagram
from provenance.attribution.evidence import submit_evidence
from provenance.attribution.links import Link
from provenance.models import Dispute, Layer, Level, Party, PartyMember, TitleLink
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
    picture = reverse("provenance:item", args=[rights.items[0].pk])
    assert client.get(page).status_code == 404
    assert page not in text(client.get(picture)), "a link that would lead nowhere"
    type(rights.works[0]).objects.update(registered_by=rights.applicant)
    assert page in text(client.get(picture))


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


@pytest.mark.parametrize("by", ["id", "digest", "name beside the holder"])
def test_one_claims_a_work_that_one_cannot_see_and_learns_nothing_of_it(
    client, rights, stranger, by
):
    work, where = rights.works[0], reverse("provenance:claims")
    type(work).objects.filter(pk=work.pk).update(title="Secret lamp", reference="lamp-1")
    party = Party.objects.create(name="Old Lantern", kind="organisation")
    PartyMember.objects.create(party=party, user=stranger)
    unusable = submit_evidence(actor=records.actor(stranger), data=b"Deed.", title="Deed")
    type(unusable).objects.update(title_level=Level.DOCUMENT_CHECKED, checked_at=timezone.now())
    client.force_login(stranger)
    assert where in text(client.get(reverse("provenance:party", args=[party.pk])))

    def claim(**more: str) -> str:
        said = {"party": str(party.pk), "statement": "Ours since 1990."}
        return text(client.post(where, said | more, follow=True))

    assert "Say which work" in claim()
    nothing = claim(reference="0" * 64)
    assert not Dispute.objects.exists()
    refused = claim(reference=str(work.pk), evidence=str(unusable.pk))
    assert "Upload it once more" in refused  # else a claim would be lost without a word
    ways = {
        "id": {"reference": str(work.pk)},
        "digest": {"reference": rights.items[0].image.sha256},
        "name beside the holder": {"reference": "lamp-1", "holder": "lantern films"},
    }
    first, again = claim(**ways[by]), claim(**ways[by])
    assert Dispute.objects.get().work == work
    token = r'name="csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"'
    assert len({re.sub(token, "", answer) for answer in (nothing, first, again)}) == 1
    assert client.get(reverse("provenance:work", args=[work.pk])).status_code == 404
    client.force_login(rights.studio)
    assert "Old Lantern claims this work" in text(
        client.get(reverse("provenance:work", args=[work.pk]))
    )


def test_a_holder_is_offered_to_forbid_training_and_others_to_dispute(client, rights, page):
    client.force_login(rights.studio)
    shown = text(client.get(page))
    assert "open a dispute</summary>" not in shown
    forbid = f"/consent/reservations/?work={rights.works[0].pk}"
    assert forbid in shown
    assert f'value="{rights.works[0].pk}" selected' in text(client.get(forbid))
    other = records.user("looker", is_reviewer=True)
    client.force_login(other)
    PartyMember.objects.create(
        user=other, party=Party.objects.create(name="Ada Brook", kind="person")
    )
    shown = text(client.get(page))
    assert "open a dispute</summary>" in shown
    assert forbid not in shown
