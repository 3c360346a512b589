"""What a training will take is told before it is submitted, and compared afterwards."""

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actors import Actor
from accounts.errors import RefusedError
from ledger.models import Doorbell
from tests.training.conftest import approve, draft
from training.models import Rehearsal, Run
from training.review import services
from training.review.estimates import basis_of, cost_of, estimate


def tried(request, **values):
    return Rehearsal.objects.create(
        request=request, basis=basis_of(request), state="done", seconds=72.0, **values
    )


def test_nothing_is_guessed_where_nothing_is_known(request_draft):
    assert estimate(request_draft) is None


def test_a_dry_run_of_just_this_tells_with_its_cost(request_draft, settings):
    settings.RUN_COST_PER_HOUR = {"cpu": 5.0}
    tried(request_draft, memory_bytes=10)
    told = estimate(request_draft)
    assert (told.seconds, told.cost, told.memory_bytes, told.by) == (72.0, 0.1, 10, "a dry run")


def test_a_dry_run_of_other_options_tells_nothing(applicant, request_draft):
    tried(request_draft)
    services.edit_draft(actor=Actor.of(applicant), request=request_draft, draft=draft(steps=7))
    request_draft.refresh_from_db()
    assert estimate(request_draft) is None


def test_without_a_price_there_is_no_cost():
    assert cost_of(3600, "gpu") is None


def test_earlier_runs_like_it_tell_where_nobody_tried(run):
    values = {"state": "trained", "busy_seconds": 50.0, "steps": 5, "ended_at": timezone.now()}
    Run.objects.update(**values)
    run.request.steps = 10
    told = estimate(run.request)
    assert (told.seconds, told.by) == (100.0, "1 earlier run like it")


def test_what_was_expected_is_kept_with_the_run(applicant, reviewer, submitted):
    tried(submitted)
    assert approve(reviewer, submitted).expected_seconds == 72.0


def test_a_dry_run_is_asked_for_over_the_api_and_rings_a_worker(applicant, request_draft):
    client = APIClient()
    client.force_authenticate(applicant)
    answer = client.post(f"/api/v1/requests/{request_draft.pk}/rehearse/")
    assert answer.status_code == 202
    assert answer.json()["rehearsal"]["state"] == "waiting"
    assert answer.json()["estimate"] is None
    asked = Rehearsal.objects.get()
    assert Doorbell.objects.get(object_id=str(asked.pk)).task == "training.dispatch.tasks.rehearse"


def test_dry_runs_wait_for_one_another(applicant, request_draft, settings):
    settings.RUNS_AT_ONCE = 1
    asking = {"actor": Actor.of(applicant), "request": request_draft}
    services.rehearse(**asking)
    with pytest.raises(RefusedError, match="not done yet"):
        services.rehearse(**asking)
    long_ago = timezone.now() - timezone.timedelta(hours=1)
    Rehearsal.objects.update(asked_at=long_ago)
    services.rehearse(**asking)


def test_the_request_s_page_tells_the_estimate_and_offers_a_dry_run(
    client, applicant, request_draft
):
    client.force_login(applicant)
    address = f"/requests/{request_draft.pk}/"
    assert "Dry run" in client.get(address).content.decode()
    tried(request_draft)
    assert "About 72 seconds" in client.get(address).content.decode()
