"""A party answers by a private link, through the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from accounts.actors import Actor
from ledger.models import Entry
from provenance.clearance.services import evaluate_set
from provenance.consent import selectors
from provenance.consent.services import links, revoke_grant, sending
from provenance.consent.services.links import GoneError
from provenance.models import (
    Ask,
    Block,
    ConsentLink,
    Contact,
    Grant,
    Level,
    Party,
    PartyMember,
    Work,
)
from tests.provenance.consent.letters import anybody, asked, contact, deliver, last_link, yes

if TYPE_CHECKING:
    from tests.provenance.rights import Rights

pytestmark = pytest.mark.django_db
HOLDER = "rights@lantern.example"


@pytest.fixture
def ask(rights: Rights) -> Ask:
    contact(rights.lantern, HOLDER)
    return asked(rights)


def test_nothing_that_was_typed_passes_for_a_sentence_of_the_letter(rights: Rights) -> None:
    contact(rights.lantern, HOLDER)
    trick = "\r\nBcc: all@example.org\n\nThe link has moved:\u2028https://evil.example/\u202e"
    Work.objects.update(title=f"Lamp{trick}")
    Party.objects.filter(pk=rights.lantern.pk).update(name=f"Lantern{trick}")
    rights.lantern.refresh_from_db()
    asked(rights, purpose=f"lamps{trick}", model_name=f"lamp-lines{trick}")
    (letter,) = mail.outbox
    assert (letter.to, letter.cc, letter.bcc) == ([HOLDER], [], [])
    assert "\n" not in letter.subject
    assert not [
        line for line in letter.body.splitlines() if line.startswith(("The link has", "http"))
    ]
    assert "\u202e" not in letter.subject + letter.body


def unreached(rights: Rights) -> None:
    """Nobody who speaks for the studio has an account."""
    PartyMember.objects.filter(party=rights.lantern).delete()


def kinds() -> set[str]:
    return set(Entry.objects.values_list("kind", flat=True))


def test_a_message_goes_to_the_best_address_and_only_its_tokens_hash_is_kept(
    rights: Rights,
) -> None:
    contact(rights.lantern, "old@lantern.example", Level.SELF_DECLARED)
    contact(rights.lantern, HOLDER)
    Work.objects.update(title="Harbour")
    asked(rights)
    assert [m.to for m in mail.outbox] == [[HOLDER]]
    assert "“Harbour” (2 works)\n" in mail.outbox[0].body
    assert "They ask to train a model on it" in mail.outbox[0].body
    token = last_link().split("/")[3]
    kept = ConsentLink.objects.values().get()
    assert token not in str(kept)
    assert kept["sent_at"] is not None
    assert "permission.sent" in kinds()


def test_the_page_shows_what_is_asked_by_whom_and_how_well_known_they_are(ask: Ask) -> None:
    page = anybody().get(last_link()).content.decode()
    for words in ("lamp-lines", "a small model of lamps", "applicant", "Nobody has checked who"):
        assert words in page
    assert "copies already released must be deleted" in " ".join(page.split())


def test_its_pictures_are_served_through_the_link_alone(ask: Ask, rights: Rights) -> None:
    path = f"{last_link()}pictures/{rights.items[0].pk}/"
    assert path in anybody().get(last_link()).content.decode()
    picture = anybody().get(path)
    assert picture["Content-Type"] == "image/jpeg"
    guessed = f"/consent/answer/guess/pictures/{rights.items[0].pk}/"
    assert anybody().get(guessed).status_code == 404
    ConsentLink.objects.update(expires_at=timezone.now())
    assert anybody().get(path).status_code == 404


def test_training_alone_is_granted_by_one_answer_as_well_known_as_the_address(
    ask: Ask, rights: Rights
) -> None:
    answer = anybody().post(last_link(), yes(rights, "train", not_after="2040-01-01"), follow=True)
    assert "What you permitted" in answer.content.decode()
    given = Grant.objects.get()
    assert (given.given_by, given.identity_level) == (None, Level.CONTACT_CONFIRMED)
    assert (given.ask, given.assignee, given.actions) == (ask, rights.applicant, ["train"])
    assert set(given.works.all()) == set(rights.works)
    entry = Entry.objects.get(kind="grant.given")
    assert entry.actor == str(ConsentLink.objects.get(kind="answer").pk)


def test_giving_the_model_to_others_counts_only_once_the_contact_confirms(
    ask: Ask, rights: Rights
) -> None:
    anybody().post(last_link(), yes(rights, "train", "distribute-weights"))
    ask.refresh_from_db()
    assert ask.state == Ask.State.CONFIRMING
    assert not Grant.objects.exists()
    deliver()
    link = last_link()
    assert "Permit this?" in anybody().get(link).content.decode()
    assert not Grant.objects.exists()
    assert "on record" in anybody().post(link).content.decode()
    ask.refresh_from_db()
    assert ask.state == Ask.State.GRANTED
    assert Grant.objects.get().actions == ["distribute-weights", "train"]
    assert evaluate_set(
        image_set=rights.image_set, use=rights.use, subject=rights.subject
    ).outcome != "blocked"  # fmt: skip
    assert {"permission.answered", "permission.confirmed"} <= kinds()
    assert anybody().post(link).status_code == 410
    assert Grant.objects.count() == 1


def test_what_does_not_count_yet_is_told_in_words_with_what_can_be_done(rights: Rights) -> None:
    unreached(rights)
    contact(rights.lantern, HOLDER, Level.SELF_DECLARED)
    asked(rights)
    first = last_link()
    anybody().post(first, yes(rights, "train", "distribute-weights"))
    deliver()
    done = anybody().post(last_link(HOLDER)).content.decode()
    for shown in (done, anybody().get(first).content.decode()):
        assert "does not count yet: <strong>give the model to others</strong>" in shown
        assert f"/parties/{rights.lantern.pk}/" in shown
        assert f"let {rights.applicant} ask once more" in shown
        assert "distribute-weights" not in shown
    decided = evaluate_set(image_set=rights.image_set, use=rights.use, subject=rights.subject)
    weak = [f for f in decided.findings if f["code"] == "evidence_insufficient"]
    assert weak
    assert all("allow: give the model to others" in f["explanation"] for f in weak)


def test_the_list_of_permissions_says_what_does_not_count_and_how_to_take_it_back(
    rights: Rights,
) -> None:
    unreached(rights)
    contact(rights.lantern, HOLDER, Level.SELF_DECLARED)
    asked(rights)
    anybody().post(last_link(), yes(rights, "train", "distribute-weights"))
    deliver()
    anybody().post(last_link(HOLDER))
    Party.objects.filter(pk=rights.lantern.pk).update(level=Level.SELF_DECLARED)
    PartyMember.objects.create(party=rights.lantern, user=rights.studio, level=Level.SELF_DECLARED)
    client = Client()
    client.force_login(rights.studio)
    shown = client.get("/consent/grants/").content.decode()
    assert "does not count yet: <strong>give the model to others</strong>" in shown
    assert "the same link takes it back" in shown
    assert "Copies already released must be deleted." in shown
    client.force_login(rights.applicant)
    assert "the same link takes it back" not in client.get("/consent/grants/").content.decode()


def test_a_reviewer_reads_which_address_waits_to_be_checked(rights: Rights, reviewer) -> None:
    unreached(rights)
    contact(rights.lantern, HOLDER, Level.SELF_DECLARED)
    asked(rights)
    page = Client()
    page.force_login(reviewer)
    assert HOLDER not in page.get("/sets/evidence/").content.decode()
    anybody().post(last_link(), yes(rights, "train"))
    assert HOLDER in page.get("/sets/evidence/").content.decode()
    Contact.objects.update(level=Level.CONTACT_CONFIRMED)
    assert HOLDER not in page.get("/sets/evidence/").content.decode()


def test_all_that_they_hold_is_confirmed_as_well(ask: Ask, rights: Rights) -> None:
    anybody().post(last_link(), yes(rights, "train", everything="on"))
    assert not Grant.objects.exists()
    deliver()
    anybody().post(last_link())
    assert Grant.objects.get().all_works


def test_the_second_message_goes_to_the_contact_on_record_not_to_where_the_link_went(
    rights: Rights,
) -> None:
    unreached(rights)
    asked(rights, address="someone@elsewhere.example")
    first = last_link("someone@elsewhere.example")
    contact(rights.lantern, HOLDER)
    anybody().post(first, yes(rights, "train", "distribute-weights"))
    deliver()
    assert mail.outbox[-1].to == [HOLDER]
    anybody().post(last_link(HOLDER))
    assert Grant.objects.get().identity_level == Level.CONTACT_CONFIRMED


def test_an_answer_link_does_not_confirm_itself(ask: Ask, rights: Rights) -> None:
    link = last_link()
    anybody().post(link, yes(rights, "train", "distribute-weights"))
    assert anybody().post(link).status_code == 410
    assert anybody().post(link, {"do": "confirm"}).status_code == 410
    assert not Grant.objects.exists()


def test_an_address_that_the_applicant_supplied_stays_self_declared(rights: Rights) -> None:
    unreached(rights)
    asked(rights, address="someone@elsewhere.example")
    anybody().post(last_link("someone@elsewhere.example"), yes(rights))
    assert Grant.objects.get().identity_level == Level.SELF_DECLARED
    supplied = rights.lantern.contacts.get(value="someone@elsewhere.example")
    assert (supplied.level, supplied.added_by) == (Level.SELF_DECLARED, rights.applicant)


@pytest.mark.parametrize("how", ["get", "head"])
def test_a_robot_that_opens_the_link_changes_nothing(ask: Ask, rights: Rights, how: str) -> None:
    before = Entry.objects.count()
    link = last_link()
    for query in ("", "?do=grant&actions=train", "?do=refuse"):
        assert getattr(anybody(), how)(link + query).status_code == 200
    ask.refresh_from_db()
    assert ask.state == Ask.State.ASKED
    assert Entry.objects.count() == before
    assert ConsentLink.objects.get().used_at is None
    assert anybody().put(link).status_code == 405


def test_an_answer_needs_the_pages_own_form(ask: Ask, rights: Rights) -> None:
    assert Client(enforce_csrf_checks=True).post(last_link(), yes(rights)).status_code == 403
    assert not Grant.objects.exists()


def test_a_link_is_used_once_and_shows_its_receipt_afterwards(ask: Ask, rights: Rights) -> None:
    link = last_link()
    anybody().post(link, yes(rights))
    again = anybody().post(link, {"do": "refuse"})
    assert again.status_code == 410
    assert "answered before" in again.content.decode()
    ask.refresh_from_db()
    assert ask.state == Ask.State.GRANTED
    assert "What you permitted" in anybody().get(link).content.decode()


def test_a_guessed_link_is_told_apart_from_an_expired_one(ask: Ask, rights: Rights) -> None:
    guessed = anybody().get("/consent/answer/abcdefghij/")
    assert guessed.status_code == 404
    assert "do not know this link" in guessed.content.decode()
    ConsentLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    for answer in (anybody().get(last_link()), anybody().post(last_link(), yes(rights))):
        assert answer.status_code == 410
        assert "has ended" in answer.content.decode()
    assert not Grant.objects.exists()


def test_a_link_to_an_address_that_is_no_longer_theirs_has_ended(ask: Ask, rights: Rights) -> None:
    rights.lantern.contacts.update(ended_at=timezone.now())
    assert anybody().post(last_link(), yes(rights)).status_code == 410
    assert not Grant.objects.exists()


def test_some_of_the_works_on_their_own_conditions(ask: Ask, rights: Rights) -> None:
    given = yes(
        rights,
        works=[str(rights.works[0].pk)],
        not_after="2040-05-01",
        credit_line="© Lantern",
        territories="de, FR",
    )
    anybody().post(last_link(), given)
    grant = Grant.objects.get()
    assert list(grant.works.all()) == rights.works[:1]
    assert (grant.credit_line, grant.territories) == ("© Lantern", ["DE", "FR"])
    assert grant.not_after is not None
    assert grant.not_after.isoformat() == "2040-05-01"


@pytest.mark.parametrize("wrong", [{"works": []}, {"actions": []}, {"not_after": "2020-01-01"}])
def test_terms_that_make_no_sense_leave_the_link_unused(
    ask: Ask, rights: Rights, wrong: dict[str, object]
) -> None:
    answer = anybody().post(last_link(), yes(rights) | wrong)
    assert answer.status_code == 200
    assert ConsentLink.objects.get().used_at is None
    ask.refresh_from_db()
    assert ask.state == Ask.State.ASKED


def test_no_more_than_was_asked_can_be_permitted(ask: Ask, rights: Rights) -> None:
    anybody().post(last_link(), yes(rights, "train", "use-likeness"))
    assert not Grant.objects.exists()


@pytest.mark.parametrize("words", ["", "Not with my lamps."])
def test_refusing_with_or_without_words(ask: Ask, words: str) -> None:
    anybody().post(last_link(), {"do": "refuse", "words": words})
    ask.refresh_from_db()
    assert (ask.state, ask.answer_note, ask.answered_by) == (Ask.State.REFUSED, words, None)
    assert not Block.objects.exists()


def test_not_mine_names_whom_to_ask_and_nothing_is_cleared(ask: Ask, rights: Rights) -> None:
    anybody().post(last_link(), {"do": "not-mine", "whose": "Quay Press"})
    ask.refresh_from_db()
    assert (ask.state, ask.answer_note) == (Ask.State.NOT_MINE, "Ask Quay Press.")
    client = anybody()
    client.force_login(rights.applicant)
    assert "Ask Quay Press." in client.get(f"/consent/{ask.pk}/").content.decode()
    assert "permission.not_mine" in kinds()
    decided = evaluate_set(image_set=rights.image_set, use=rights.use, subject=rights.subject)
    assert decided.outcome == "blocked"


def test_what_was_given_by_a_link_is_taken_back_by_it_once_confirmed(
    ask: Ask, rights: Rights
) -> None:
    link = last_link()
    anybody().post(link, yes(rights))
    grant = Grant.objects.get()
    back = {"do": "withdraw", "grant": str(grant.pk), "reason": "A mistake."}
    assert "We have sent a message" in anybody().post(link, back).content.decode()
    deliver()
    grant.refresh_from_db()
    assert grant.revoked_at is None
    assert "already" in anybody().post(link, back).content.decode()
    letter = [one for one in mail.outbox if one.to == [HOLDER]][-1].body  # others are told too
    assert "nothing is withdrawn" in letter
    assert "nothing is permitted" not in letter
    anybody().post(last_link(HOLDER))
    grant.refresh_from_db()
    assert grant.revoked_at is not None
    assert grant.revocation_reason == "A mistake."
    shown = anybody().get(link).content.decode()
    assert f"withdrawn on {timezone.localtime(grant.revoked_at):%-d %B %Y}" in shown
    assert "granted" not in shown
    assert "take it back" not in shown
    for user in (rights.studio, rights.applicant):
        client = anybody()
        client.force_login(user)
        pages = ["/consent/", f"/consent/{ask.pk}/"] + ["/"] * (user == rights.applicant)
        for page in pages:
            assert '<span class="state withdrawn">' in client.get(page).content.decode()


def test_a_link_takes_back_no_other_permission(ask: Ask, rights: Rights) -> None:
    other = Grant.objects.create(assigner=rights.lantern, actions=["train"])
    link = last_link()
    anybody().post(link, yes(rights))
    back = {"do": "withdraw", "grant": str(other.pk), "reason": "Mischief."}
    assert anybody().post(link, back).status_code == 404


def test_somebody_who_signs_in_may_answer_before_a_link_is_confirmed(
    ask: Ask, rights: Rights
) -> None:
    anybody().post(last_link(), yes(rights, "train", "distribute-weights"))
    deliver()
    client = anybody()
    client.force_login(rights.studio)
    client.post(f"/consent/{ask.pk}/", {"refuse": "1"})
    assert anybody().post(last_link(HOLDER)).status_code == 410
    assert not Grant.objects.exists()


def test_the_applicant_sees_no_address_of_the_party(ask: Ask, rights: Rights) -> None:
    client = anybody()
    client.force_login(rights.applicant)
    for path in (f"/consent/{ask.pk}/", f"/api/v1/asks/{ask.pk}/", "/api/v1/asks/"):
        assert HOLDER not in client.get(path).content.decode()


def test_a_block_said_from_a_confirmed_address_is_the_partys(ask: Ask, rights: Rights) -> None:
    anybody().post(last_link(), {"do": "block-all"})
    again = asked(rights)
    assert again.state == Ask.State.REFUSED
    assert "takes no further requests" in again.answer_note
    assert len(mail.outbox) == 1


def test_a_block_from_an_address_nobody_confirmed_stops_that_address_alone(
    rights: Rights,
) -> None:
    unreached(rights)
    asked(rights, address="someone@elsewhere.example")
    anybody().post(last_link("someone@elsewhere.example"), {"do": "block-all"})
    assert asked(rights).state == Ask.State.REFUSED
    contact(rights.lantern, HOLDER)
    assert asked(rights).state == Ask.State.ASKED
    assert mail.outbox[-1].to == [HOLDER]


def test_the_applicants_own_session_does_not_answer(ask: Ask, rights: Rights) -> None:
    client = anybody()
    client.force_login(rights.applicant)
    answer = client.post(last_link(), yes(rights))
    assert answer.status_code == 409
    assert "signed in as the one who asks" in answer.content.decode()
    assert not Grant.objects.exists()


def test_a_confirmation_comes_too_late_for_terms_that_have_ended(ask: Ask, rights: Rights) -> None:
    until = (timezone.now() + timedelta(days=1)).date().isoformat()
    anybody().post(last_link(), yes(rights, "train", "distribute-weights", not_after=until))
    deliver()
    link = ConsentLink.objects.get(kind="confirm")
    link.answer["terms"]["not_after"] = "2020-01-01"
    link.save()
    assert anybody().post(last_link()).status_code == 400
    assert not Grant.objects.exists()
    link.refresh_from_db()
    assert link.used_at is None


def test_the_reads_of_a_link_page_do_not_grow_with_its_pictures(
    ask: Ask, rights: Rights, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(20):
        anybody().get(last_link())


def test_of_two_answers_at_the_same_time_one_counts(ask: Ask, rights: Rights) -> None:
    first, second = ConsentLink.objects.get(), ConsentLink.objects.get()
    links.use(first)
    with pytest.raises(GoneError):
        links.use(second)
    ConsentLink.objects.update(used_at=None, expires_at=timezone.now())
    with pytest.raises(GoneError):
        links.use(second)


def test_a_withdrawal_that_is_not_confirmed_yet_takes_nothing_back(
    ask: Ask, rights: Rights
) -> None:
    link = last_link()
    anybody().post(link, yes(rights))
    grant = Grant.objects.get()
    anybody().post(link, {"do": "withdraw", "grant": str(grant.pk), "reason": "A mistake."})
    for waiting in ConsentLink.objects.all():
        with pytest.raises(PermissionDenied):
            revoke_grant(actor=Actor("link", str(waiting.pk)), grant=grant, reason="Mischief.")


def test_nothing_is_sent_to_an_address_that_has_ended(rights: Rights) -> None:
    held = contact(rights.lantern, HOLDER)
    asked(rights)
    mail.outbox.clear()
    ConsentLink.objects.update(sent_at=None)
    held.ended_at = timezone.now()
    held.save()
    assert sending.ring_unsent() == 0
    deliver()
    assert mail.outbox == []


def test_whoever_guesses_links_is_slowed_down_and_nobody_else(ask: Ask) -> None:
    guesser, other = Client(REMOTE_ADDR="192.0.2.7"), Client(REMOTE_ADDR="192.0.2.8")
    made_up = [guesser.get(f"/consent/answer/guess-{n}/") for n in range(31)]
    assert [answer.status_code for answer in made_up] == [404] * 30 + [429]
    assert int(made_up[-1].headers["Retry-After"]) > 0
    forged = Client(REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR="198.51.100.1")
    assert forged.get("/consent/answer/guess/").status_code == 429
    assert other.get("/consent/answer/guess/").status_code == 404
    assert guesser.get(last_link()).status_code == 200


def test_whoever_refuses_while_a_link_is_answered_is_told_in_a_sentence(
    ask: Ask, rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = selectors.ask_for(rights.studio, ask.pk)  # read before the link was answered
    anybody().post(last_link(), yes(rights))
    monkeypatch.setattr("provenance.consent.views.selectors.ask_for", lambda *_: seen)
    client = Client()
    client.force_login(rights.studio)
    page, told = f"/consent/{ask.pk}/", "This request has been answered before."
    for elsewhere in ({}, {"Referer": "https://elsewhere.example/"}):
        answer = client.post(page, {"refuse": "1"}, headers=elsewhere)
        assert answer.status_code == 409
        assert told in answer.content.decode()
    here = {"Referer": "http://testserver/consent/"}
    answer = client.post(page, {"refuse": "1"}, headers=here, follow=True)
    assert answer.redirect_chain == [("http://testserver/consent/", 302)]
    assert told in answer.content.decode()
    ask.refresh_from_db()
    assert ask.state == Ask.State.GRANTED
