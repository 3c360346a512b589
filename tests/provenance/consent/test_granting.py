"""Giving, using up and taking back, by service, API and page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.errors import RefusedError
from ledger.models import Entry
from provenance.clearance.services import evaluate_set
from provenance.consent import selectors, services
from provenance.consent.rules import Compensate, Inform, Terms
from provenance.models import Grant, GrantUse
from tests.provenance import records
from tests.provenance.rights import TERMS, Rights

pytestmark = pytest.mark.django_db
GRANTS = "/api/v1/grants/"
UNTIL = "2999-01-01"


def give(r: Rights, **terms: object) -> Grant:
    return services.give_grant(
        actor=records.actor(r.studio), party=r.lantern, terms=replace(TERMS, **terms), works=None
    )


def use(r: Rights, grant: Grant, subject: str) -> None:
    with transaction.atomic():
        services.use_grants(actor=records.actor(r.studio), subject=subject, grants=[str(grant.pk)])


def test_a_grant_keeps_all_that_was_said(rights: Rights) -> None:
    terms = Terms(
        actions=("distribute-weights", "train"),
        purposes=("research",),
        recipients=("registered",),
        max_models=2,
        duties=(Inform(), Compensate("5.00", "EUR")),
        credit_line="© Lantern",
        notice_days=14,
        after_end="stay",
        bases=("tiny",),
    )
    given = services.give_grant(
        actor=records.actor(rights.studio), party=rights.lantern, terms=terms, works=None
    )
    given.refresh_from_db()
    assert selectors.terms_of(given) == terms
    assert given.credit_line == "© Lantern"


def test_what_was_given_for_good_is_not_taken_back_and_the_remedy_is_named(rights: Rights) -> None:
    given = give(rights, revocable=False)
    with pytest.raises(RefusedError, match="dispute") as refusal:
        services.revoke_grant(actor=records.actor(rights.studio), grant=given, reason="no")
    assert refusal.value.code == "irrevocable"
    given.refresh_from_db()
    assert given.revoked_at is None


@pytest.mark.parametrize("days", [0, 30])
def test_a_withdrawal_ends_it_after_the_agreed_notice(rights: Rights, days: int) -> None:
    given = give(rights, notice_days=days)
    evaluate_set(image_set=rights.image_set, use=rights.use, subject=rights.subject)
    touched = services.revoke_grant(
        actor=records.actor(rights.studio), grant=given, reason="the contract ended"
    )
    given.refresh_from_db()
    assert given.revoked_from == timezone.now().date() + timedelta(days=days)
    assert touched == [rights.subject]
    said = Entry.objects.get(kind="grant.revoked").data
    assert given.revoked_from.isoformat() in said


def test_a_grant_for_one_model_is_used_up_by_one_and_counts_it_once(rights: Rights) -> None:
    given = give(rights, max_models=1)
    use(rights, given, "request:1")
    use(rights, given, "request:1")
    with pytest.raises(RefusedError, match="permitted 1 model, and that many") as refusal:
        use(rights, given, "request:2")
    assert refusal.value.code == "grant_used_up"
    assert list(GrantUse.objects.values_list("subject", flat=True)) == ["request:1"]
    assert Entry.objects.filter(kind="grant.used").count() == 1


def test_a_grant_without_a_number_is_never_used_up(rights: Rights) -> None:
    given = give(rights)
    for number in range(4):
        use(rights, given, f"request:{number}")
    assert given.uses.count() == 4


def test_the_api_gives_by_a_form_in_plain_words(rights: Rights) -> None:
    client = records.client_of(rights.studio)
    shown = client.get(f"{GRANTS}presets/").json()
    assert "share-with-credit" in [preset["key"] for preset in shown]
    body = {
        "party": rights.lantern.pk,
        "preset": "share-with-credit",
        "blanks": {"credit_line": "© Lantern", "until": UNTIL},
    }
    made = client.post(GRANTS, body).json()
    assert made["credit_line"] == "© Lantern"
    assert made["duties"] == [{"kind": "attribute", "credit_line": "© Lantern"}]
    assert made["after_end_says"].startswith("If a permission ends, copies you already have")
    both = client.post(GRANTS, body | {"commercial": True})
    assert (both.status_code, both.json()["code"]) == (400, "preset_and_terms")
    none = client.post(GRANTS, {"party": rights.lantern.pk})
    assert "at least one action" in none.json()["detail"]


@pytest.mark.parametrize(
    "bad",
    [{"duties": [{"kind": "sing"}]}, {"purposes": ["war"]}, {"max_models": -1}, {"notice_days": -1},
     {"after_end": "perhaps"}, {"duties": ["x"]}, {"max_models": 10**12}],
)  # fmt: skip
def test_the_api_refuses_what_makes_no_sense(rights: Rights, bad: dict) -> None:
    body = {"party": rights.lantern.pk, "actions": ["train"]} | bad
    assert records.client_of(rights.studio).post(GRANTS, body).status_code == 400
    assert not Grant.objects.exists()


def test_a_grant_goes_out_and_in_as_odrl(rights: Rights) -> None:
    client = records.client_of(rights.studio)
    given = give(rights, duties=(Inform(),), max_models=3)
    sent = client.get(f"{GRANTS}{given.pk}/odrl/")
    assert sent["Content-Type"] == "application/ld+json"
    answer = client.post(f"{GRANTS}odrl/", sent.content, content_type="application/ld+json")
    assert answer.status_code == 201, answer.json()
    again = Grant.objects.get(pk=answer.json()["id"])
    assert again.pk != given.pk
    assert selectors.terms_of(again) == selectors.terms_of(given)
    assert (
        records.client_of(records.user("nobody")).get(f"{GRANTS}{given.pk}/odrl/").status_code
        == 404
    )


def test_nobody_gives_by_odrl_for_a_party_they_do_not_speak_for(rights: Rights) -> None:
    sent = records.client_of(rights.studio).get(f"{GRANTS}{give(rights).pk}/odrl/").json()
    answer = records.client_of(rights.artist).post(f"{GRANTS}odrl/", sent)
    assert answer.status_code == 403
    assert Grant.objects.count() == 1


def test_odrl_about_strangers_works_or_people_is_refused(rights: Rights) -> None:
    client = records.client_of(rights.studio)
    sent = client.get(f"{GRANTS}{give(rights).pk}/odrl/").json()
    sent["permission"][0]["target"] = [f"urn:uuid:{uuid4()}"]
    assert client.post(f"{GRANTS}odrl/", sent).json()["code"] == "not_your_work"
    sent["permission"][0]["target"] = [f"urn:uuid:{rights.works[0].pk}"]
    person = sent | {"@type": "Agreement", "assignee": f"urn:uuid:{uuid4()}"}
    assert client.post(f"{GRANTS}odrl/", person).json()["code"] == "unknown_assignee"
    sent["permission"][0]["action"] = ["imp:eat"]
    answer = client.post(f"{GRANTS}odrl/", sent)
    assert answer.status_code == 400
    assert "imp:eat" in answer.json()["detail"]


def test_a_permission_is_given_on_a_page_that_first_says_what_holds_afterwards(
    client, rights: Rights
) -> None:
    client.force_login(rights.studio)
    page = reverse("provenance:grant-new")
    assert "Train for non-commercial research" in client.get(page).content.decode()
    shown = client.get(f"{page}?preset=research").content.decode()
    assert "copies you already have must be deleted" in shown
    wrong = client.post(
        f"{page}?preset=research", {"party": rights.lantern.pk, "until": "2020-01-01"}
    )
    assert "already have ended" in wrong.content.decode()
    works = [rights.works[0].pk]
    body = {"party": rights.lantern.pk, "until": UNTIL, "works": works}
    done = client.post(f"{page}?preset=research", body, follow=True).content.decode()
    assert "on record" in done
    assert "must be deleted" in done
    assert [work.pk for work in Grant.objects.get().works.all()] == works


def test_a_stranger_permits_nothing_on_the_page(client, rights: Rights) -> None:
    client.force_login(rights.applicant)
    page = reverse("provenance:grant-new") + "?preset=personal"
    assert client.post(page, {"party": rights.lantern.pk}).status_code == 200
    assert not Grant.objects.exists()
