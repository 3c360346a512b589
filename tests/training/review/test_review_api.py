import pytest
from rest_framework.test import APIClient

from tests.training.conftest import DRAFT, looked_at, make_set, make_user
from training.models import Request

pytestmark = pytest.mark.urls("tests.training.urls")


def client_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def give(user, request, command, **body):
    return client_of(user).post(f"/api/v1/requests/{request.pk}/{command}/", body)


def test_a_request_goes_from_draft_to_a_queued_run_over_the_api(applicant, reviewer, base):
    image_set = make_set(applicant, level=0)
    mine, theirs = client_of(applicant), client_of(reviewer)
    body = {name: getattr(DRAFT, name) for name in DRAFT.__dataclass_fields__}
    made = mine.post("/api/v1/requests/", body | {"image_set": str(image_set.pk)})
    assert made.status_code == 201, made.data
    path = f"/api/v1/requests/{made.data['id']}/"
    assert made.data["commands"] == ["edit", "check", "rehearse", "submit", "close"]
    changed = mine.patch(path, {"purpose": "to see more"})
    assert (changed.status_code, changed.data["purpose"]) == (200, "to see more")
    assert mine.post(f"{path}check/").data["evaluation"]["outcome"] == "flagged"
    sent = mine.post(f"{path}submit/")
    assert (sent.status_code, sent.data["state"]) == (200, "submitted")
    seen = theirs.get(path).data
    assert seen["commands"] == ["resolve", "approve", "return", "reject"]
    groups = {finding["group"] for finding in seen["evaluation"]["findings"]}
    for group in groups:
        seen = theirs.post(f"{path}resolve/", {"group": group, "reason": "Checked."}).data
    assert seen["evaluation"]["outcome"] == "cleared"
    approved = theirs.post(
        f"{path}approve/", {"manifest_sha256": seen["manifest_sha256"], "reason": "Fine."}
    )
    assert (approved.status_code, approved.data["state"]) == (200, "approved")
    (run,) = approved.data["runs"]
    assert mine.get(f"/api/v1/runs/{run}/").data["state"] == "queued"
    assert approved.data["decisions"][0]["reason"] == "Fine."


def test_a_blocked_submission_answers_problem_details_with_every_finding(applicant, request_draft):
    request_draft.image_set.items.update(work=None)
    answer = give(applicant, request_draft, "submit")
    assert answer.status_code == 409
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.data["code"] == "set_blocked"
    assert [error["code"] for error in answer.data["errors"]] == ["rights_holder_unknown"] * 2
    assert Request.objects.get().state == "draft"


def test_a_faulty_draft_is_400_with_sentences(applicant, base):
    body = {name: getattr(DRAFT, name) for name in DRAFT.__dataclass_fields__}
    body |= {"image_set": str(make_set(applicant).pk), "token": "two words"}
    answer = client_of(applicant).post("/api/v1/requests/", body)
    assert answer.status_code == 400
    assert "one word" in answer.data["detail"]


def test_a_set_of_somebody_else_cannot_be_asked_for(stranger, applicant, base):
    body = {name: getattr(DRAFT, name) for name in DRAFT.__dataclass_fields__}
    body |= {"image_set": str(make_set(applicant).pk)}
    assert client_of(stranger).post("/api/v1/requests/", body).status_code == 404


@pytest.mark.parametrize("command", ["submit", "approve", "resolve", "return", "reject", "close"])
def test_to_a_stranger_a_request_does_not_exist(stranger, submitted, command):
    body = {"reason": "x", "manifest_sha256": "0" * 64, "group": "g"}
    assert client_of(stranger).get(f"/api/v1/requests/{submitted.pk}/").status_code == 404
    assert give(stranger, submitted, command, **body).status_code == 404


def test_one_s_own_request_is_403_even_for_a_superuser(submitted, applicant):
    applicant.is_reviewer = applicant.is_superuser = True
    applicant.save()
    answer = give(
        applicant, submitted, "approve", manifest_sha256=looked_at(submitted), reason="Mine."
    )
    assert (answer.status_code, answer.data["code"]) == (403, "own_request")


def test_an_auditor_reads_and_changes_nothing(submitted):
    auditor = make_user("auditor", is_auditor=True)
    read = client_of(auditor).get(f"/api/v1/requests/{submitted.pk}/")
    assert (read.status_code, read.data["commands"]) == (200, [])
    answer = give(auditor, submitted, "reject", reason="No.")
    assert (answer.status_code, answer.data["code"]) == (403, "role_missing")


def test_what_changed_is_409_and_the_new_digest_is_shown(reviewer, submitted):
    answer = give(reviewer, submitted, "approve", manifest_sha256="0" * 64, reason="Fine.")
    assert (answer.status_code, answer.data["code"]) == (409, "changed_since_looked")


def test_the_list_shows_one_s_own_and_the_queue_only_others(applicant, reviewer, submitted):
    def ids(user, query=""):
        rows = client_of(user).get(f"/api/v1/requests/{query}").data["results"]
        return [row["id"] for row in rows]

    assert ids(applicant) == [str(submitted.pk)]
    assert ids(reviewer, "?waiting=1") == [str(submitted.pk)]
    assert ids(applicant, "?waiting=1") == []
    assert ids(make_user("other")) == []


def test_nobody_reads_anything_without_signing_in(db):
    for path in ("requests/", "runs/", "bases/"):
        assert APIClient().get(f"/api/v1/{path}").status_code == 401


def test_bases_are_listed_with_the_truth_about_them(applicant, base):
    (row,) = client_of(applicant).get("/api/v1/bases/").data["results"]
    assert (row["name"], row["cleared"], row["licence"]) == ("tiny", "cleared", "CC0-1.0")
    assert "folder" not in row, "where it lies on this machine concerns nobody"
