import threading

import pytest
from django.db import connection

from accounts.actors import Actor
from accounts.errors import InvalidError, RefusedError
from ledger import signing
from ledger.models import Doorbell, Entry
from provenance.clearance.services import holds, mark_stale
from provenance.models import ImageSet, LicenceClaim, Resolution
from tests.training.conftest import approve, looked_at, make_user
from training.models import Decision, Manifest, Run
from training.review import selectors, services
from training.review.services import decisions


def resolve(reviewer, request, **changes):
    (group,) = selectors.open_groups(selectors.latest_evaluation(request))
    values = {"group": group[0]["group"], "reason": "I checked the source."} | changes
    return services.resolve_flags(actor=Actor.of(reviewer), request=request, **values)


def test_approval_signs_the_manifest_and_queues_its_run(reviewer, submitted, settings):
    looked = looked_at(submitted)
    run = approve(reviewer, submitted)
    manifest = Manifest.objects.get(pk=looked)
    assert run.manifest == manifest
    assert run.state == "queued"
    trusted = signing.read_trusted_keys(settings.TRUSTED_KEYS)
    signature = signing.Signature.from_json(manifest.signature)
    signing.verify(manifest.body.encode(), signature, trusted=trusted)
    submitted.refresh_from_db()
    assert submitted.state == "approved"
    assert Decision.objects.get().manifest_sha256 == looked
    assert Doorbell.objects.get(object_id=str(run.pk)).task == "training.dispatch.tasks.execute"
    assert holds(f"request:{submitted.pk}")
    assert holds(f"run:{run.pk}")
    assert Entry.objects.filter(kind="request.approved").count() == 1
    assert Entry.objects.filter(kind="run.queued", subject=f"run:{run.pk}").count() == 1


def test_the_run_stands_on_the_same_records_as_its_request(reviewer, submitted):
    run = approve(reviewer, submitted)
    work = submitted.image_set.items.first().work_id
    touched = mark_stale(kind="work", refs=[str(work)])
    assert f"run:{run.pk}" in touched
    assert not holds(f"run:{run.pk}")


def refused_approval(user, request, **changes):
    with pytest.raises(RefusedError) as refused:
        approve(user, request, **changes)
    assert not Run.objects.exists()
    assert not Decision.objects.exists()
    assert not Manifest.objects.exclude(signature="").exists()
    request.refresh_from_db()
    assert request.state == "submitted"
    return refused.value


def test_nobody_approves_their_own_request_superuser_or_not(applicant, submitted):
    applicant.is_reviewer = applicant.is_superuser = True
    applicant.save()
    assert refused_approval(applicant, submitted).code == "own_request"


def test_the_owner_of_the_set_does_not_approve_either(submitted):
    owner = make_user("owner", is_reviewer=True)
    ImageSet.objects.update(owner=owner)
    submitted.image_set.refresh_from_db()
    assert refused_approval(owner, submitted).code == "own_request"


def test_approving_needs_the_role(stranger, submitted):
    refusal = refused_approval(stranger, submitted)
    assert (refusal.code, refusal.status) == ("role_missing", 403)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_approving_needs_a_reason(reviewer, submitted, reason):
    assert refused_approval(reviewer, submitted, reason=reason).code == "reason_missing"


def test_open_flags_are_not_approved(reviewer, flagged):
    assert refused_approval(reviewer, flagged).code == "not_cleared"


def test_what_changed_since_the_reviewer_looked_is_not_approved(reviewer, flagged):
    looked = looked_at(flagged)
    resolve(reviewer, flagged)
    assert refused_approval(reviewer, flagged, manifest_sha256=looked).code == (
        "changed_since_looked"
    )
    assert approve(reviewer, flagged)


def test_records_that_change_after_the_look_are_noticed(reviewer, submitted):
    looked = looked_at(submitted)
    LicenceClaim.objects.update(source_url="https://example.org/elsewhere")
    assert refused_approval(reviewer, submitted, manifest_sha256=looked).code == (
        "changed_since_looked"
    )


def test_a_permission_lost_between_decision_and_lock_stops_the_approval(
    reviewer, submitted, monkeypatch
):
    real = decisions.evaluate

    def evaluate_then_lose(request):
        answer = real(request)
        mark_stale(kind="work", refs=[str(request.image_set.items.first().work_id)])
        return answer

    monkeypatch.setattr(decisions, "evaluate", evaluate_then_lose)
    assert refused_approval(reviewer, submitted).code == "permission_lost"


def test_approving_twice_makes_one_run(reviewer, submitted):
    looked = looked_at(submitted)
    approve(reviewer, submitted, manifest_sha256=looked)
    with pytest.raises(RefusedError) as refused:
        approve(reviewer, submitted, manifest_sha256=looked)
    assert refused.value.code == "wrong_state"
    assert Run.objects.count() == 1


def test_a_reviewer_who_is_overtaken_while_deciding_is_refused(reviewer, submitted, monkeypatch):
    looked, second = looked_at(submitted), make_user("second", is_reviewer=True)
    real, overtaken = decisions.evaluate, []

    def evaluate_and_be_overtaken(request):
        answer = real(request)
        if not overtaken:
            overtaken.append(True)
            approve(second, submitted, manifest_sha256=looked)
        return answer

    monkeypatch.setattr(decisions, "evaluate", evaluate_and_be_overtaken)
    with pytest.raises(RefusedError) as refused:
        approve(reviewer, submitted, manifest_sha256=looked)
    assert refused.value.code == "wrong_state"
    assert Run.objects.count() == Decision.objects.count() == 1
    assert Decision.objects.get().reviewer == second


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_once_one_approves(reviewer, submitted):
    looked, second = looked_at(submitted), make_user("second", is_reviewer=True)
    together, answers = threading.Barrier(2), []

    def decide(user):
        try:
            together.wait()
            answers.append(approve(user, submitted, manifest_sha256=looked).state)
        except RefusedError as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(user,)) for user in (reviewer, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["queued", "wrong_state"]
    assert Run.objects.count() == Decision.objects.count() == 1


def test_a_group_of_like_flags_is_resolved_in_one_decision(reviewer, flagged):
    answer = resolve(reviewer, flagged)
    assert answer.outcome == "cleared"
    assert Resolution.objects.filter(how="group").count() == 2
    assert Entry.objects.filter(kind="request.flags_resolved").count() == 1


def test_one_flag_is_resolved_by_looking_and_the_others_stay(reviewer, flagged):
    item = flagged.image_set.items.first()
    answer = resolve(reviewer, flagged, subject=str(item.pk))
    assert answer.outcome == "flagged"
    assert [r.how for r in Resolution.objects.all()] == ["looked"]
    assert answer.pictures[str(item.pk)] == "cleared"


def test_nobody_resolves_their_own_flags(applicant, flagged):
    applicant.is_reviewer = applicant.is_superuser = True
    with pytest.raises(RefusedError) as refused:
        resolve(applicant, flagged)
    assert refused.value.code == "own_request"
    assert not Resolution.objects.exists()


def test_resolving_needs_a_reason_and_an_open_flag(reviewer, flagged):
    with pytest.raises(InvalidError):
        resolve(reviewer, flagged, reason=" ")
    with pytest.raises(InvalidError) as refused:
        resolve(reviewer, flagged, group="0" * 16)
    assert refused.value.code == "no_such_flag"
    assert not Resolution.objects.exists()


@pytest.mark.parametrize(
    ("command", "state"),
    [(services.return_request, "returned"), (services.reject, "rejected")],
)
def test_returning_and_rejecting_need_a_reason_and_give_the_set_back(
    reviewer, submitted, command, state
):
    with pytest.raises(InvalidError):
        command(actor=Actor.of(reviewer), request=submitted, reason=" ")
    command(actor=Actor.of(reviewer), request=submitted, reason="The name is misleading.")
    submitted.refresh_from_db()
    assert submitted.state == state
    assert ImageSet.objects.get().frozen_at is None
    assert Decision.objects.get().kind == state


def test_a_returned_request_is_submitted_again(applicant, reviewer, submitted):
    services.return_request(actor=Actor.of(reviewer), request=submitted, reason="Shorter, please.")
    submitted.refresh_from_db()
    again = services.submit(actor=Actor.of(applicant), request=submitted)
    assert again.state == "submitted"
    assert ImageSet.objects.get().frozen_at


def test_taking_an_approval_back_takes_the_runs_standing(reviewer, submitted):
    run = approve(reviewer, submitted)
    services.revoke(actor=Actor.of(reviewer), request=submitted, reason="New evidence.")
    submitted.refresh_from_db()
    assert submitted.state == "revoked"
    assert not holds(f"run:{run.pk}")
    assert not holds(f"request:{submitted.pk}")
    assert ImageSet.objects.get().frozen_at, "what was approved once stays as it was"


def test_a_decision_is_never_changed(reviewer, submitted):
    from django.db import DatabaseError, transaction

    approve(reviewer, submitted)
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.update(reason="something else")
