import json

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404

from accounts.actors import OVERSEERS, Actor
from accounts.errors import RefusedError
from ledger.models import Entry
from provenance.models import ImageSet
from tests.training.conftest import draft, make_request, make_set, make_user
from training.models import Manifest, Request
from training.review import selectors, services


def kinds(request):
    entries = Entry.objects.filter(subject=f"request:{request.pk}").order_by("position")
    return [kind for kind in entries.values_list("kind", flat=True) if kind.startswith("request.")]


def test_only_the_owner_of_a_set_asks_to_train_on_it(applicant, stranger, base):
    with pytest.raises(RefusedError) as refused:
        make_request(stranger, make_set(applicant))
    assert refused.value.code == "not_your_set"
    assert not Request.objects.exists()


def test_a_faulty_draft_is_refused_field_by_field_and_nothing_is_kept(applicant, base):
    with pytest.raises(ValidationError) as refused:
        make_request(applicant, make_set(applicant), token="two words", base="nowhere")
    assert {"token", "base"} <= set(refused.value.message_dict)
    assert "tiny" in refused.value.message_dict["base"][0]
    assert not Request.objects.exists()


def test_a_draft_can_be_changed_by_its_applicant_only(applicant, reviewer, request_draft):
    changed = draft(purpose="something better")
    services.edit_draft(actor=Actor.of(applicant), request=request_draft, draft=changed)
    request_draft.refresh_from_db()
    assert request_draft.purpose == "something better"
    with pytest.raises(RefusedError) as refused:
        services.edit_draft(actor=Actor.of(reviewer), request=request_draft, draft=changed)
    assert refused.value.code == "not_your_request"


def test_submitting_freezes_the_set_and_writes_the_manifest(submitted):
    submitted.image_set.refresh_from_db()
    assert submitted.state == "submitted"
    assert submitted.submitted_at
    assert submitted.image_set.frozen_at
    manifest = Manifest.objects.get(request=submitted)
    body = json.loads(manifest.body)
    assert body["token"] == "zorblat"
    assert ["name", "small-shapes"] in body["naming"]["texts"]
    assert ["set", "small shapes"] in body["naming"]["texts"]
    assert [image["licence"] for image in body["images"]] == ["CC0-1.0", "CC0-1.0"]
    assert all(image["evidence"] and image["holders"] for image in body["images"])
    assert body["verdict"]["outcome"] == "cleared"
    assert body["use"]["actions"] == ["train", "distribute-weights"]
    assert kinds(submitted) == ["request.drafted", "request.submitted"]


def test_a_blocked_set_is_not_submitted_and_nothing_is_lost(applicant, request_draft):
    request_draft.image_set.items.update(work=None)
    with pytest.raises(services.BlockedError) as refused:
        services.submit(actor=Actor.of(applicant), request=request_draft)
    assert [error["code"] for error in refused.value.errors] == ["rights_holder_unknown"] * 2
    assert all(error["remedy"] for error in refused.value.errors)
    request_draft.refresh_from_db()
    assert request_draft.state == "draft"
    assert ImageSet.objects.get().frozen_at is None
    assert not Manifest.objects.exists()


def test_an_empty_set_is_never_submitted(applicant, request_draft):
    request_draft.image_set.items.all().delete()
    with pytest.raises(services.BlockedError) as refused:
        services.submit(actor=Actor.of(applicant), request=request_draft)
    assert [error["code"] for error in refused.value.errors] == ["empty_set"]


def test_a_flagged_set_may_be_submitted(flagged):
    assert flagged.state == "submitted"
    assert selectors.latest_evaluation(flagged).outcome == "flagged"


def test_a_set_that_changes_while_it_is_checked_is_not_submitted(
    applicant, request_draft, monkeypatch
):
    from training.review.services import submission

    real = submission.evaluate

    def evaluate_and_lose_one(request):
        answer = real(request)
        request.image_set.items.last().delete()
        return answer

    monkeypatch.setattr(submission, "evaluate", evaluate_and_lose_one)
    with pytest.raises(RefusedError) as refused:
        services.submit(actor=Actor.of(applicant), request=request_draft)
    assert refused.value.code == "set_changed"
    request_draft.refresh_from_db()
    assert request_draft.state == "draft"
    assert ImageSet.objects.get().frozen_at is None


def test_nobody_else_submits_it(reviewer, request_draft):
    with pytest.raises(RefusedError) as refused:
        services.submit(actor=Actor.of(reviewer), request=request_draft)
    assert refused.value.code == "not_your_request"


def test_closing_gives_the_set_back(applicant, submitted):
    services.close(actor=Actor.of(applicant), request=submitted)
    submitted.image_set.refresh_from_db()
    assert submitted.image_set.frozen_at is None
    submitted.refresh_from_db()
    assert submitted.state == "closed"


def test_a_set_stays_frozen_while_another_request_rests_on_it(applicant, submitted):
    other = make_request(applicant, submitted.image_set, model_name="other")
    services.submit(actor=Actor.of(applicant), request=other)
    services.close(actor=Actor.of(applicant), request=submitted)
    assert ImageSet.objects.get().frozen_at is not None


def test_a_stranger_finds_no_request_and_reviewers_find_no_drafts(
    applicant, reviewer, stranger, request_draft
):
    assert selectors.find(Actor.of(applicant), request_draft.pk) == request_draft
    for other in (reviewer, stranger):
        with pytest.raises(Http404):
            selectors.find(Actor.of(other), request_draft.pk)


def test_a_reviewer_finds_what_was_submitted_but_not_their_own_in_the_queue(
    applicant, reviewer, stranger, submitted
):
    assert selectors.find(Actor.of(reviewer), submitted.pk) == submitted
    assert list(selectors.waiting(Actor.of(reviewer))) == [submitted]
    with pytest.raises(Http404):
        selectors.find(Actor.of(stranger), submitted.pk)
    applicant.is_reviewer = True
    assert not selectors.waiting(Actor.of(applicant)).exists()
    assert make_user("auditor", is_auditor=True).roles & OVERSEERS
