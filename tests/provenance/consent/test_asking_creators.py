"""A creator is told when a holder who is not the creator permits something."""

from __future__ import annotations

import pytest
from django.core import mail

from accounts.actors import Actor
from ledger.models import Entry
from provenance.clearance.services import evaluate_set, holds
from provenance.consent import services
from provenance.models import CreatorNotice, CreditChoice, Grant, Level, PartyMember
from tests.provenance import records
from tests.provenance.consent.letters import anybody, contact, deliver, last_link
from tests.provenance.rights import TERMS, Rights

pytestmark = pytest.mark.django_db
MAREN = "maren@example.com"


@pytest.fixture
def told(rights: Rights) -> CreatorNotice:
    contact(rights.maren, MAREN)
    give(rights)
    deliver()
    return CreatorNotice.objects.get()


def give(r: Rights) -> Grant:
    actor = Actor.of(r.studio)
    given = services.give_grant(actor=actor, party=r.lantern, terms=TERMS, works=r.works)
    evaluate_set(image_set=r.image_set, use=r.use, subject=r.subject)
    return given


def test_the_creator_gets_a_message_with_a_link(told: CreatorNotice, rights: Rights) -> None:
    assert mail.outbox[0].to == [MAREN]
    letter = mail.outbox[0].body
    assert "has permitted everybody on Imprimatur to train a model on it" in letter
    assert "    “Work 1.png”\n" in letter
    assert "silence is never a yes" not in letter, "it was given already"
    page = anybody().get(last_link()).content.decode()
    assert "Lantern Films" in page
    assert "Work 1.png" in page
    told.refresh_from_db()
    assert told.state == CreatorNotice.State.TOLD
    assert {"creator.told", "creator.notice_sent"} <= set(
        Entry.objects.values_list("kind", flat=True)
    )


def test_staying_silent_changes_nothing(told: CreatorNotice, rights: Rights) -> None:
    assert holds(rights.subject)


def test_a_creator_chooses_a_credit_for_each_of_the_works(
    told: CreatorNotice, rights: Rights
) -> None:
    link = last_link()
    anybody().post(link, {"choice": "as-written", "text": "M. Solvik"})
    chosen = CreditChoice.objects.filter(party=rights.maren)
    assert {(c.work, c.choice, c.text) for c in chosen} == {
        (work, "as-written", "M. Solvik") for work in rights.works
    }
    told.refresh_from_db()
    assert told.state == CreatorNotice.State.ANSWERED
    assert not holds(rights.subject)
    assert anybody().post(link, {"objects": "on"}).status_code == 410


def test_an_objection_is_on_record_and_the_standing_goes_stale_at_once(
    told: CreatorNotice, rights: Rights
) -> None:
    anybody().post(last_link(), {"objects": "on", "words": "Not like this."})
    told.refresh_from_db()
    assert (told.state, told.words) == (CreatorNotice.State.OBJECTED, "Not like this.")
    assert not holds(rights.subject)
    entry = Entry.objects.get(kind="creator.objected")
    assert "Not like this" not in entry.data


def test_an_objection_from_an_address_nobody_confirmed_holds_nothing_up(rights: Rights) -> None:
    contact(rights.maren, MAREN, Level.SELF_DECLARED)
    PartyMember.objects.filter(party=rights.maren).delete()
    give(rights)
    deliver()
    anybody().post(last_link(), {"objects": "on"})
    assert CreatorNotice.objects.get().state == CreatorNotice.State.OBJECTED
    assert holds(rights.subject)


def test_a_creator_who_holds_the_rights_is_not_told_of_their_own_grant(rights: Rights) -> None:
    contact(rights.maren, MAREN)
    services.give_grant(
        actor=Actor.of(rights.artist), party=rights.maren, terms=TERMS, works=rights.works
    )
    assert not CreatorNotice.objects.exists()


def test_a_creator_without_an_address_is_not_waited_for(rights: Rights) -> None:
    PartyMember.objects.filter(party=rights.maren).delete()
    give(rights)
    assert not CreatorNotice.objects.exists()


def test_a_creator_who_signs_in_answers_over_the_api_and_may_think_again(
    told: CreatorNotice, rights: Rights
) -> None:
    client = records.client_of(rights.artist)
    assert [n["id"] for n in client.get("/api/v1/creator-notices/").json()] == [str(told.pk)]
    path = f"/api/v1/creator-notices/{told.pk}/answer/"
    assert client.post(path, {"objects": True}).json()["state"] == "objected"
    assert client.post(path, {"choice": "anonymous"}).json()["state"] == "answered"
    assert records.client_of(rights.studio).post(path, {"objects": True}).status_code == 404


def test_notices_wait_while_an_address_has_had_enough(rights: Rights, settings) -> None:
    settings.ASKS_PER_ADDRESS_A_WEEK = 1
    contact(rights.maren, MAREN)
    give(rights)
    give(rights)
    deliver()
    assert len(mail.outbox) == 1
    assert CreatorNotice.objects.count() == 2
