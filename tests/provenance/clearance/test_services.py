"""Decisions as they are kept: reproducible, current, and never older than a withdrawal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from ledger.models import Entry
from provenance.clearance import rules, selectors, services
from provenance.clearance.rules.encoding import decode
from provenance.consent.services import give_grant, revoke_grant
from provenance.models import Evaluation, Grant, Standing
from tests.provenance import records
from tests.provenance.rights import TERMS, Rights

pytestmark = pytest.mark.django_db


def decide(r: Rights, use: rules.Use | None = None) -> services.Evaluation:
    return services.evaluate_set(image_set=r.image_set, use=use or r.use, subject=r.subject)


def permit(r: Rights, **changes: object) -> Grant:
    return give_grant(
        actor=records.actor(r.studio), party=r.lantern, terms=replace(TERMS, **changes), works=None
    )


def test_an_old_decision_can_be_made_again_from_what_was_stored(rights: Rights) -> None:
    evaluation = decide(rights)
    facts, use = decode(evaluation.facts.body)
    again = rules.evaluate(facts, use)
    assert [f.code for f in again.findings] == [f["code"] for f in evaluation.findings]
    assert again.outcome == evaluation.outcome == "blocked"


def test_a_withdrawal_while_a_decision_is_made_is_never_missed(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = permit(rights)
    gather, calls = selectors.gather, []

    def slow(*args: object, **options: object) -> rules.Facts:
        facts = gather(*args, **options)
        if not calls:
            revoke_grant(actor=records.actor(rights.studio), grant=given, reason="now")
        calls.append(1)
        return facts

    monkeypatch.setattr(selectors, "gather", slow)
    assert decide(rights).outcome == "blocked"
    assert len(calls) == 2
    assert not services.holds(rights.subject)


def test_asking_for_the_verdict_records_nothing_and_deciding_does(rights: Rights) -> None:
    client = records.client_of(rights.applicant)
    where = f"/api/v1/image-sets/{rights.image_set.pk}/verdict/"
    before = Entry.objects.count()
    asked = client.get(where).data
    assert (asked["id"], asked["evaluated_at"], asked["outcome"]) == (None, None, "blocked")
    assert not Evaluation.objects.exists()
    assert not Standing.objects.exists()
    assert Entry.objects.count() == before
    decided = client.post(where)
    assert decided.status_code == 201
    assert Standing.objects.get().evaluation_id == Evaluation.objects.get().pk
    assert client.get(where).json() == decided.json()
    assert [f["code"] for f in asked["findings"]] == [f["code"] for f in decided.data["findings"]]


def test_a_verdict_whose_last_day_is_over_is_not_shown_as_todays(rights: Rights) -> None:
    given = permit(rights, not_after=timezone.now().date())
    client = records.client_of(rights.applicant)
    where = f"/api/v1/image-sets/{rights.image_set.pk}/verdict/"
    assert client.post(where).data["outcome"] != "blocked"
    yesterday = timezone.now().date() - timezone.timedelta(days=1)
    Standing.objects.update(valid_until=yesterday)
    Grant.objects.filter(pk=given.pk).update(not_after=yesterday)
    assert client.get(where).data["outcome"] == "blocked"


def test_rights_that_never_rest_are_said_so(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "_record", lambda *_: None)
    with pytest.raises(RefusedError, match="keep changing"):
        decide(rights)


def test_no_record_means_no() -> None:
    assert not services.holds("set:nobody-asked")


def test_a_standing_ends_with_its_grant(rights: Rights) -> None:
    permit(rights, not_after=timezone.now().date())
    decide(rights)
    assert services.holds(rights.subject)
    Standing.objects.update(valid_until=timezone.now().date() - timezone.timedelta(days=1))
    assert not services.holds(rights.subject)


def test_the_number_of_queries_does_not_grow_with_the_set(rights: Rights) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            selectors.gather(rights.image_set, rights.use, today=timezone.now().date())
        return len(seen)

    permit(rights)
    queries()  # the first one also makes the bank's row
    few = queries()
    for seed in range(10, 16):
        item = services_add(rights, seed)
        item.work = rights.works[0]
        item.save()
    assert queries() == few


def services_add(rights: Rights, seed: int):
    from provenance.intake.services import add_picture

    return add_picture(
        actor=records.actor(rights.applicant),
        image_set=rights.image_set,
        data=records.picture(seed),
        filename=f"{seed}.png",
    )


def test_only_flags_are_resolved_by_a_reviewer_who_is_not_the_owner(rights: Rights) -> None:
    evaluation = decide(rights)
    reviewer = records.user("a-reviewer", is_reviewer=True)

    def resolve(user: object, findings: list[object], reason: str = "fine") -> None:
        services.resolve(
            actor=records.actor(user),
            image_set=rights.image_set,
            findings=findings,
            how="looked",
            reason=reason,
        )

    with pytest.raises(PermissionDenied):
        resolve(rights.artist, evaluation.findings)
    with pytest.raises(RefusedError, match="Only flags"):
        resolve(reviewer, evaluation.findings)
    with pytest.raises(InvalidError):
        resolve(reviewer, [])
    rights.applicant.is_reviewer = True
    with pytest.raises(RefusedError, match="own pictures"):
        resolve(rights.applicant, evaluation.findings)


def test_a_resolved_flag_stays_resolved_at_the_next_gate(rights: Rights) -> None:
    permit(rights)
    for item in rights.items:
        item.refresh_from_db()
        item.collector = ""
        item.save()
    flagged = decide(rights)
    assert flagged.outcome == "flagged"
    services.resolve(
        actor=records.actor(records.user("a-reviewer", is_reviewer=True)),
        image_set=rights.image_set,
        findings=flagged.findings,
        how="group",
        reason="The owner told where they come from.",
    )
    assert decide(rights).outcome == "cleared"


def test_a_protected_name_in_a_text_blocks_until_its_person_consents(rights: Rights) -> None:
    permit(rights)
    named = replace(rights.use, texts=(("name", "maren-solvik-lines"),))
    assert {f["code"] for f in decide(rights, named).findings} == {"name_protected"}
    give_grant(
        actor=records.actor(rights.artist),
        party=rights.maren,
        terms=replace(TERMS, actions=("use-name",), name_forms=("Maren Solvik",)),
        works=[],
    )
    exact = replace(rights.use, texts=(("card", "Maren Solvik"),))
    assert decide(rights, exact).outcome == "cleared"
    assert {f["code"] for f in decide(rights, named).findings} == {"name_consent_missing"}


@pytest.mark.parametrize(
    ("codes", "approved_still_stands"),
    [
        ([], True),
        ([("match_possible", "flag"), ("match_unavailable", "flag")], True),
        ([("duplicate_in_set", "info")], True),
        ([("match_possible", "flag"), ("evidence_weak", "flag")], False),
        ([("match_protected", "block")], False),
    ],
)
def test_only_claims_without_evidence_leave_standing_what_was_approved(
    codes: list[tuple[str, str]], approved_still_stands: bool
) -> None:
    findings = [{"code": code, "severity": how, "resolved": False} for code, how in codes]
    evaluation = services.Evaluation(findings=findings)
    assert services.stands(evaluation) is approved_still_stands
