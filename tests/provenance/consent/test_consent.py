"""Asking, answering and taking back, as the people concerned would do it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from accounts.errors import InvalidError, RefusedError
from ledger.models import Entry
from provenance.clearance.services import evaluate_set, holds
from provenance.consent import services
from provenance.models import Ask, Grant, Level, Party, PartyMember
from tests.provenance import records
from tests.provenance.rights import TERMS, Rights, self_declared

pytestmark = pytest.mark.django_db


def ask(r: Rights, party: Party | None = None) -> Ask:
    return services.ask_party(
        actor=records.actor(r.applicant),
        image_set=r.image_set,
        party=party or r.lantern,
        purpose="a small model",
        model_name="lamp-lines",
    )


def merely_stated(r: Rights) -> None:
    """Nobody has checked the studio, nor who speaks for it."""
    Party.objects.filter(pk=r.lantern.pk).update(level=Level.SELF_DECLARED)
    PartyMember.objects.filter(party=r.lantern).delete()
    r.lantern.refresh_from_db()


def decide(r: Rights, **options: object) -> str:
    return evaluate_set(image_set=r.image_set, use=r.use, subject=r.subject, **options).outcome


def test_a_holders_yes_clears_what_silence_blocks(rights: Rights) -> None:
    assert decide(rights) == "blocked"
    given = services.grant(actor=records.actor(rights.studio), ask=ask(rights), terms=TERMS)
    assert set(given.works.all()) == set(rights.works)
    assert decide(rights) == "cleared"
    assert holds(rights.subject)


def test_a_creators_yes_is_not_a_holders_yes(rights: Rights) -> None:
    services.grant(actor=records.actor(rights.artist), ask=ask(rights, rights.maren), terms=TERMS)
    found = evaluate_set(image_set=rights.image_set, use=rights.use, subject=rights.subject)
    assert {f["code"] for f in found.findings} == {"creator_is_not_holder"}


def test_the_same_commit_that_revokes_ends_the_standing(rights: Rights) -> None:
    given = services.grant(actor=records.actor(rights.studio), ask=ask(rights), terms=TERMS)
    decide(rights)
    touched = services.revoke_grant(
        actor=records.actor(rights.studio), grant=given, reason="the contract ended"
    )
    assert touched == [rights.subject]
    assert not holds(rights.subject)
    assert decide(rights) == "blocked"
    kinds = Entry.objects.values_list("kind", flat=True)
    assert {"permission.asked", "grant.given", "grant.revoked", "standing.went_stale"} <= set(kinds)


def test_an_answer_does_not_travel_to_another_set_of_the_same_pictures(rights: Rights) -> None:
    services.grant(actor=records.actor(rights.studio), ask=ask(rights), terms=TERMS)
    other, items = records.a_set(rights.applicant, 1, 2, name="Again")
    for item, work in zip(items, rights.works, strict=True):
        item.work = work
        item.save()
    found = evaluate_set(image_set=other, use=rights.use, subject=f"set:{other.pk}")
    assert found.outcome == "blocked"


def test_some_of_the_works_may_be_granted(rights: Rights) -> None:
    services.grant(
        actor=records.actor(rights.studio), ask=ask(rights), terms=TERMS, works=rights.works[:1]
    )
    found = evaluate_set(image_set=rights.image_set, use=rights.use, subject=rights.subject)
    assert sorted(found.pictures.values()) == ["blocked", "cleared"]


def test_refusing_leaves_everything_blocked_and_closes_the_request(rights: Rights) -> None:
    request = services.refuse(actor=records.actor(rights.studio), ask=ask(rights), note="No.")
    assert request.state == Ask.State.REFUSED
    assert decide(rights) == "blocked"
    with pytest.raises(RefusedError, match="answered before"):
        services.grant(actor=records.actor(rights.studio), ask=request, terms=TERMS)


def test_nobody_answers_for_a_party_they_do_not_speak_for(rights: Rights) -> None:
    request = ask(rights)
    with pytest.raises(PermissionDenied):
        services.grant(actor=records.actor(rights.artist), ask=request, terms=TERMS)
    assert not Grant.objects.exists()


def test_an_applicant_who_merely_says_they_are_the_studio_cannot_answer(rights: Rights) -> None:
    request = ask(rights)
    merely_stated(rights)
    self_declared(rights.applicant, rights.lantern)
    with pytest.raises(RefusedError, match="merely say"):
        services.grant(actor=records.actor(rights.applicant), ask=request, terms=TERMS)


def test_a_self_declared_members_yes_is_not_enough_evidence(rights: Rights) -> None:
    helper = records.user("helper")
    merely_stated(rights)
    self_declared(helper, rights.lantern)
    services.grant(actor=records.actor(helper), ask=ask(rights), terms=TERMS)
    found = evaluate_set(image_set=rights.image_set, use=rights.use, subject=rights.subject)
    assert {f["code"] for f in found.findings} == {"evidence_insufficient"}


def test_a_self_declared_member_cannot_take_back_what_the_studio_gave(rights: Rights) -> None:
    given = services.grant(actor=records.actor(rights.studio), ask=ask(rights), terms=TERMS)
    pretender = records.user("pretender")
    self_declared(pretender, rights.lantern)
    with pytest.raises(PermissionDenied):
        services.revoke_grant(actor=records.actor(pretender), grant=given, reason="because")


def test_taking_back_needs_a_reason_and_happens_once(rights: Rights) -> None:
    given = services.grant(actor=records.actor(rights.studio), ask=ask(rights), terms=TERMS)
    actor = records.actor(rights.studio)
    with pytest.raises(InvalidError):
        services.revoke_grant(actor=actor, grant=given, reason="  ")
    services.revoke_grant(actor=actor, grant=given, reason="enough")
    with pytest.raises(RefusedError, match="withdrawn before"):
        services.revoke_grant(actor=actor, grant=given, reason="again")


def test_one_open_request_a_party_and_set(rights: Rights) -> None:
    ask(rights)
    with pytest.raises(RefusedError, match="not answered yet"):
        ask(rights)


def test_there_must_be_something_to_ask_for(rights: Rights) -> None:
    other = Party.objects.create(name="Somebody Else", kind="person")
    with pytest.raises(InvalidError, match="no work"):
        ask(rights, other)


def test_only_the_owner_of_a_set_asks_for_it(rights: Rights) -> None:
    rights.applicant = records.user("other")
    with pytest.raises(PermissionDenied):
        ask(rights)


def test_a_reservation_blocks_and_lifting_it_clears(rights: Rights) -> None:
    services.give_grant(
        actor=records.actor(rights.studio), party=rights.lantern, terms=TERMS, works=None
    )
    assert decide(rights) == "cleared"
    actor = records.actor(rights.studio)
    reservation = services.reserve(actor=actor, party=rights.lantern, work=rights.works[0])
    assert not holds(rights.subject)
    assert decide(rights) == "blocked"
    services.lift_reservation(actor=actor, reservation=reservation)
    assert decide(rights) == "cleared"
    with pytest.raises(RefusedError, match="lifted before"):
        services.lift_reservation(actor=actor, reservation=reservation)


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        (replace(TERMS, actions=()), "at least one action"),
        (replace(TERMS, actions=("eat",)), "Unknown action: eat"),
        (replace(TERMS, not_after=date(2020, 1, 1)), "already have ended"),
        (
            replace(TERMS, not_before=date(2031, 1, 1), not_after=date(2030, 1, 1)),
            "ends before it starts",
        ),
        (replace(TERMS, territories=("Mars",)), "two-letter country codes"),
        (replace(TERMS, actions=("use-name",)), "Only the person"),
    ],
)
def test_terms_that_make_no_sense_are_refused_and_nothing_is_kept(
    rights: Rights, terms: object, says: str
) -> None:
    request = ask(rights)
    with pytest.raises(InvalidError, match=says):
        services.grant(actor=records.actor(rights.studio), ask=request, terms=terms)
    request.refresh_from_db()
    assert request.state == Ask.State.ASKED


def test_naming_consent_names_its_forms(rights: Rights) -> None:
    with pytest.raises(InvalidError, match="which forms"):
        services.give_grant(
            actor=records.actor(rights.artist),
            party=rights.maren,
            terms=replace(TERMS, actions=("use-name",)),
            works=[],
        )


def test_only_an_operator_confirms_who_speaks_for_a_party(rights: Rights) -> None:
    with pytest.raises(PermissionDenied):
        services.confirm_member(
            actor=records.actor(rights.applicant),
            party=rights.lantern,
            user=rights.applicant,
            level=Level.SIGNED,
        )
