"""One request each to everybody who is missing; caps, standing answers, reminders, silence."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core import mail

from accounts.errors import RefusedError
from ledger.models import Doorbell, Entry
from provenance.clearance.services import evaluate_set
from provenance.consent import tasks
from provenance.consent.services import sending
from provenance.consent.services.links import SEND
from provenance.models import (
    Ask,
    Block,
    ConsentLink,
    Grant,
    Level,
    Party,
    PartyMember,
    StandingAnswer,
    TitleLink,
)
from tests.provenance import records
from tests.provenance.consent.letters import anybody, asked, contact, deliver, last_link, yes

if TYPE_CHECKING:
    from tests.provenance.rights import Rights

pytestmark = pytest.mark.django_db
HOLDER = "rights@lantern.example"
WISH = {"purpose": "a small model", "model_name": "lamp-lines"}


def ask_all(r: Rights, **more):
    path = f"/api/v1/image-sets/{r.image_set.pk}/ask-all/"
    answer = records.client_of(r.applicant).post(path, WISH | more)
    deliver()
    return answer


def second_holder(r: Rights) -> Party:
    """A publisher that holds the second work together with the studio."""
    press = Party.objects.create(name="Quay Press", kind="organisation")
    TitleLink.objects.create(work=r.works[1], party=press)
    return press


def standing(r: Rights, answer: str, **more):
    body = {"party": str(r.lantern.pk), "answer": answer, **more}
    return records.client_of(r.studio).post("/api/v1/standing-answers/", body)


def kinds() -> list[str]:
    return list(Entry.objects.values_list("kind", flat=True))


def later(days: int) -> None:
    """Move all requests and links into the past by so many days."""
    back = timedelta(days=days)
    for ask in Ask.objects.all():
        ask.asked_at -= back
        if ask.expires_on:
            ask.expires_on -= back
        ask.save()
    for link in ConsentLink.objects.all():
        link.made_at -= back
        link.expires_at -= back
        link.save()


def test_each_missing_party_gets_one_request_about_all_its_works(rights: Rights) -> None:
    press = second_holder(rights)
    contact(rights.lantern, HOLDER)
    contact(press, "desk@quay.example")
    answer = ask_all(rights)
    assert answer.status_code == 201
    assert [one["party_name"] for one in answer.json()] == ["Lantern Films", "Quay Press"]
    assert sorted(m.to[0] for m in mail.outbox) == ["desk@quay.example", HOLDER]
    to_lantern = Ask.objects.get(party=rights.lantern)
    assert set(to_lantern.works.all()) == set(rights.works)
    assert list(Ask.objects.get(party=press).works.all()) == rights.works[1:]


def test_asking_twice_sends_nothing_twice_and_says_so(rights: Rights) -> None:
    contact(rights.lantern, HOLDER)
    ask_all(rights)
    (again,) = ask_all(rights).json()
    assert again["ask"] is None
    assert "has not answered yet" in again["refusal"]
    assert len(mail.outbox) == 1


def test_the_sets_page_has_the_button_and_the_form_asks_for_addresses(rights: Rights) -> None:
    PartyMember.objects.filter(party=rights.lantern).delete()
    client = anybody()
    client.force_login(rights.applicant)
    client.post(f"/sets/{rights.image_set.pk}/check/")
    path = f"/sets/{rights.image_set.pk}/ask-all/"
    assert path in client.get(f"/sets/{rights.image_set.pk}/").content.decode()
    assert "An e-mail address of Lantern Films" in client.get(path).content.decode()
    body = WISH | {"actions": ["train"], f"address-{rights.lantern.pk}": "someone@else.example"}
    client.post(path, body)
    deliver()
    assert mail.outbox[0].to == ["someone@else.example"]
    assert Ask.objects.get().actions == ["train"]


def test_a_stranger_asks_nobody_for_anothers_set(rights: Rights) -> None:
    path = f"/api/v1/image-sets/{rights.image_set.pk}/ask-all/"
    assert records.client_of(rights.artist).post(path, WISH).status_code == 404
    assert not Ask.objects.exists()


def test_nobody_is_asked_where_nothing_is_missing(rights: Rights) -> None:
    contact(rights.lantern, HOLDER)
    asked(rights)
    anybody().post(last_link(), yes(rights, "train", "distribute-weights"))
    deliver()
    anybody().post(last_link())
    assert ask_all(rights).status_code == 400


def test_ones_own_address_is_not_an_address_of_the_holder(rights: Rights) -> None:
    (refused,) = ask_all(rights, addresses={str(rights.lantern.pk): "Applicant@example.org"}).json()
    assert refused["ask"] is None
    assert "your own address" in refused["refusal"]


def test_an_address_gets_so_many_messages_a_week(rights: Rights, settings) -> None:
    settings.ASKS_PER_ADDRESS_A_WEEK = 2
    contact(rights.lantern, HOLDER)
    press = second_holder(rights)
    contact(press, HOLDER.upper())
    asked(rights)
    asked(rights, press)
    Ask.objects.update(state=Ask.State.WITHDRAWN)
    with pytest.raises(RefusedError, match="as many requests this week"):
        asked(rights)
    assert len(mail.outbox) == 2
    assert Ask.objects.count() == 2
    later(8)
    assert asked(rights).state == Ask.State.ASKED


def test_an_applicant_asks_so_many_parties_a_day(rights: Rights, settings) -> None:
    settings.ASKS_PER_APPLICANT_A_DAY = 1
    second_holder(rights)
    answers = ask_all(rights).json()
    assert [bool(one["ask"]) for one in answers] == [True, False]
    assert "tomorrow" in answers[1]["refusal"]


def test_never_answers_at_once_and_nobody_is_written_to(rights: Rights) -> None:
    assert standing(rights, "never").status_code == 200
    ask = asked(rights)
    assert ask.state == Ask.State.REFUSED
    assert "said so beforehand" in ask.answer_note
    assert mail.outbox == []


def test_only_my_agent_sends_the_request_there_and_the_grant_is_the_principals(
    rights: Rights,
) -> None:
    agent = Party.objects.create(name="Harbour Agency", kind="organisation")
    contact(agent, "desk@harbour.example")
    contact(rights.lantern, HOLDER)
    standing(rights, "agent", agent=str(agent.pk))
    asked(rights)
    assert [m.to for m in mail.outbox] == [["desk@harbour.example"]]
    anybody().post(last_link(), yes(rights))
    given = Grant.objects.get()
    assert (given.assigner, given.identity_level) == (rights.lantern, Level.CONTACT_CONFIRMED)


def test_an_agent_who_is_no_longer_named_answers_nothing(rights: Rights) -> None:
    agent = Party.objects.create(name="Harbour Agency", kind="organisation")
    contact(agent, "desk@harbour.example")
    standing(rights, "agent", agent=str(agent.pk))
    asked(rights)
    assert standing(rights, "none").status_code == 204
    assert anybody().post(last_link(), yes(rights)).status_code == 410
    assert not Grant.objects.exists()


TERMS = {"actions": ["train", "distribute-weights"], "credit_line": "© Lantern"}


def test_on_these_terms_grants_at_once_exactly_those_as_well_known_as_their_giver(
    rights: Rights,
) -> None:
    standing(rights, "terms", terms=TERMS | {"not_after": "2040-01-01"})
    assert asked(rights).state == Ask.State.GRANTED
    given = Grant.objects.get()
    assert (given.credit_line, given.identity_level) == ("© Lantern", Level.DOCUMENT_CHECKED)
    assert str(given.not_after) == "2040-01-01"
    decided = evaluate_set(image_set=rights.image_set, use=rights.use, subject=rights.subject)
    assert decided.outcome == "cleared"


@pytest.mark.parametrize(
    ("terms", "wish"),
    [
        ({"actions": ["train"]}, {}),
        (TERMS, {"commercial": True}),
        (TERMS | {"territories": ["DE"]}, {}),
        (TERMS | {"bases": ["some-base"]}, {}),
    ],
)
def test_a_use_outside_of_the_terms_is_asked(rights: Rights, terms, wish) -> None:
    contact(rights.lantern, HOLDER)
    standing(rights, "terms", terms=terms)
    assert asked(rights, **wish).state == Ask.State.ASKED
    assert len(mail.outbox) == 1


def test_a_standing_answer_of_somebody_who_no_longer_speaks_does_not_count(
    rights: Rights,
) -> None:
    standing(rights, "terms", terms=TERMS)
    PartyMember.objects.filter(party=rights.lantern).delete()
    assert asked(rights).state == Ask.State.ASKED


def test_only_who_speaks_for_the_party_answers_beforehand(rights: Rights) -> None:
    body = {"party": str(rights.lantern.pk), "answer": "never"}
    answer = records.client_of(rights.applicant).post("/api/v1/standing-answers/", body)
    assert answer.status_code == 403
    assert not StandingAnswer.objects.exists()


def test_a_member_sets_the_standing_answer_and_lifts_a_block_on_the_page(rights: Rights) -> None:
    client = anybody()
    client.force_login(rights.studio)
    client.post("/consent/standing/", {"party": str(rights.lantern.pk), "answer": "never"})
    assert StandingAnswer.objects.get().answer == "never"
    client.post("/consent/standing/", {"party": str(rights.lantern.pk), "answer": "none"})
    assert not StandingAnswer.objects.exists()
    block = {"party": str(rights.lantern.pk), "applicant": rights.applicant.username}
    records.client_of(rights.studio).post("/api/v1/blocks/", block)
    assert asked(rights).state == Ask.State.REFUSED
    made = Block.objects.get()
    stranger = anybody()
    stranger.force_login(rights.applicant)
    assert stranger.post(f"/consent/blocks/{made.pk}/lift/").status_code == 404
    assert "from applicant" in client.get("/consent/standing/").content.decode()
    client.post(f"/consent/blocks/{made.pk}/lift/")
    assert asked(rights).state == Ask.State.ASKED
    assert {"standing_answer.given", "requests.blocked", "requests.unblocked"} <= set(kinds())


def test_a_lost_message_is_found_again_and_sent_once(rights: Rights) -> None:
    contact(rights.lantern, HOLDER)
    asked(rights)
    ConsentLink.objects.update(sent_at=None)
    mail.outbox.clear()
    Doorbell.objects.all().delete()
    tasks.due()
    deliver()
    deliver()
    tasks.due()
    assert len(mail.outbox) == 1
    assert not Doorbell.objects.filter(task=SEND).exists()


def test_who_is_silent_is_reminded_once_with_the_same_link(rights: Rights) -> None:
    contact(rights.lantern, HOLDER)
    asked(rights)
    first = last_link()
    tasks.due()
    deliver()
    assert len(mail.outbox) == 1
    later(8)
    for _ in range(3):
        tasks.due()
        deliver()
        later(7)
    assert len(mail.outbox) == 2
    assert "our only reminder" in mail.outbox[-1].body
    assert last_link() == first
    assert kinds().count("permission.reminded") == 1


def test_who_has_answered_is_not_reminded(rights: Rights) -> None:
    contact(rights.lantern, HOLDER)
    asked(rights)
    anybody().post(last_link(), {"do": "refuse"})
    later(8)
    assert sending.remind() == 0


def test_silence_is_never_yes(rights: Rights) -> None:
    contact(rights.lantern, HOLDER)
    ask = asked(rights)
    later(31)
    tasks.due()
    ask.refresh_from_db()
    assert ask.state == Ask.State.EXPIRED
    assert "permission.expired" in kinds()
    assert not Grant.objects.exists()
    assert anybody().post(last_link(), yes(rights)).status_code == 410
    decided = evaluate_set(image_set=rights.image_set, use=rights.use, subject=rights.subject)
    assert decided.outcome == "blocked"


def test_an_answer_that_nobody_confirms_ends_without_a_grant(rights: Rights) -> None:
    contact(rights.lantern, HOLDER)
    ask = asked(rights)
    anybody().post(last_link(), yes(rights, "train", "distribute-weights"))
    deliver()
    later(31)
    tasks.due()
    ask.refresh_from_db()
    assert ask.state == Ask.State.EXPIRED
    assert anybody().post(last_link()).status_code == 410
    assert not Grant.objects.exists()


def test_the_applicant_takes_a_request_back_and_its_link_ends(rights: Rights) -> None:
    contact(rights.lantern, HOLDER)
    ask = asked(rights)
    path = f"/api/v1/asks/{ask.pk}/withdraw/"
    assert records.client_of(rights.studio).post(path).status_code == 403
    assert records.client_of(rights.applicant).post(path).json()["state"] == "withdrawn"
    assert anybody().post(last_link(), yes(rights)).status_code == 410
    seen = records.client_of(rights.applicant).get(f"/api/v1/asks/{ask.pk}/").json()
    happened = [line["kind"] for line in seen["history"]]
    assert happened == ["permission.asked", "permission.sent", "permission.ask_withdrawn"]


def test_a_name_is_asked_of_the_person_and_granted_in_exact_forms(rights: Rights) -> None:
    contact(rights.maren, "maren@example.com")
    asked(rights, rights.maren, actions=["use-name"])
    body = {"do": "grant", "works": [], "actions": ["use-name"], "name_forms": "M. Solvik"}
    answer = anybody().post(last_link(), body | {"works": [str(w.pk) for w in rights.works]})
    assert answer.status_code == 302
    assert not Grant.objects.exists()
    deliver()
    anybody().post(last_link())
    given = Grant.objects.get()
    assert (given.actions, given.name_forms) == (["use-name"], ["M. Solvik"])


def test_whose_name_a_set_bears_is_asked_for_the_name_alone(rights: Rights) -> None:
    contact(rights.maren, "maren@example.com")
    rights.image_set.name = "In the manner of Maren Solvik"
    rights.image_set.save()
    ask_all(rights)
    assert Ask.objects.get(party=rights.maren).actions == ["use-name"]
    assert Ask.objects.get(party=rights.lantern).actions == ["distribute-weights", "train"]


def test_who_may_not_sign_says_nothing_beforehand(rights: Rights) -> None:
    PartyMember.objects.filter(party=rights.lantern).update(may_sign=False)
    assert standing(rights, "never").status_code == 409


def test_a_link_still_works_that_is_sent_after_the_sites_secret_changed(
    rights: Rights, settings
) -> None:
    contact(rights.lantern, HOLDER)
    asked(rights)
    settings.SECRET_KEY = "another secret of this site"
    ConsentLink.objects.update(sent_at=None)
    tasks.due()
    deliver()
    assert anybody().get(last_link()).status_code == 200


def test_the_applicant_is_told_where_nobody_could_be_written_to(rights: Rights) -> None:
    PartyMember.objects.filter(party=rights.lantern).delete()
    client = anybody()
    client.force_login(rights.applicant)
    silent = asked(rights)
    assert "Nobody was written to" in client.get(f"/consent/{silent.pk}/").content.decode()
    client.post(f"/consent/{silent.pk}/withdraw/")
    reached = asked(rights, address="someone@elsewhere.example")
    page = client.get(f"/consent/{reached.pk}/").content.decode()
    assert "Nobody was written to" not in page
    assert "someone@elsewhere.example" not in page
