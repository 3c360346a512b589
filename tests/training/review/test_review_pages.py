import pytest

from tests.training.conftest import DRAFT, looked_at, make_set, make_user
from training.models import Request

pytestmark = pytest.mark.urls("tests.training.urls")


@pytest.fixture
def page(client):
    def read(user, path, **post):
        client.force_login(user)
        answer = client.post(path, post, follow=True) if post else client.get(path)
        return answer.status_code, answer.content.decode()

    return read


def form_of(**changes):
    data = {name: getattr(DRAFT, name) for name in DRAFT.__dataclass_fields__}
    data |= {"sample_prompts": "\n".join(DRAFT.sample_prompts), "territories": "world"}
    del data["commercial"], data["gated"]
    return data | changes


def test_an_applicant_asks_edits_and_submits_on_pages(page, applicant, base):
    image_set = make_set(applicant)
    _, body = page(applicant, f"/sets/{image_set.pk}/")
    assert f'href="/sets/{image_set.pk}/request/"' in body
    status, body = page(applicant, f"/sets/{image_set.pk}/request/")
    assert status == 200
    assert "made-up word" in body
    status, body = page(applicant, f"/sets/{image_set.pk}/request/", **form_of())
    made = Request.objects.get()
    assert "Submit for review" in body
    assert "cleared" in body.lower()
    page(applicant, f"/requests/{made.pk}/edit/", **form_of(purpose="to see more"))
    made.refresh_from_db()
    assert made.purpose == "to see more"
    status, body = page(applicant, f"/requests/{made.pk}/submit/", go="1")
    made.refresh_from_db()
    assert made.state == "submitted"
    assert "Submit for review" not in body, "only what the table allows has a button"


def test_the_form_says_at_each_field_what_needs_mending(page, applicant, base):
    image_set = make_set(applicant)
    _, body = page(applicant, f"/sets/{image_set.pk}/request/", **form_of(token="two words"))
    assert "A token is one word" in body
    assert not Request.objects.exists()


def test_a_set_of_somebody_else_has_no_form(page, stranger, applicant, base):
    assert page(stranger, f"/sets/{make_set(applicant).pk}/request/")[0] == 404


def test_a_blocked_set_is_refused_on_the_page_with_its_reasons(page, applicant, request_draft):
    request_draft.image_set.items.update(work=None)
    _, body = page(applicant, f"/requests/{request_draft.pk}/submit/", go="1")
    assert "This set is blocked for this use" in body
    assert "Nobody has said who holds the rights" in body
    assert Request.objects.get().state == "draft"
    assert "Submit for review" not in body, "it cannot be done yet"
    assert "Instance prompt" in body
    assert "Class prompt" in body


def test_a_reviewer_resolves_a_group_and_approves_what_the_page_showed(page, reviewer, flagged):
    _, body = page(reviewer, "/review/")
    assert "small-shapes" in body
    _, body = page(reviewer, f"/review/{flagged.pk}/")
    assert "Clear all 2" in body
    assert (
        "<h3>Identity or title is below document checked <small>2 \u00d7 <code>evidence_weak"
        in body
    )
    for item in flagged.image_set.items.all():
        assert f'<a href="/sets/pictures/{item.pk}/">{item.filename}</a>: ' in body
    assert "Approve and sign" in body
    assert looked_at(flagged) in body
    group = body.split('name="group" value="')[1].split('"')[0]
    path = f"/requests/{flagged.pk}"
    _, body = page(reviewer, f"{path}/resolve/", group=group, reason="Checked.")
    assert "Clear all" not in body
    digest = body.split('name="manifest_sha256" value="')[1].split('"')[0]
    _, body = page(reviewer, f"{path}/approve/", manifest_sha256=digest, reason="All fine.")
    assert "Approved and signed" in body
    flagged.refresh_from_db()
    assert flagged.state == "approved"
    assert "Take the approval back" in body


def test_a_decision_without_a_reason_is_refused_on_the_page(page, reviewer, submitted):
    _, body = page(reviewer, f"/requests/{submitted.pk}/reject/", reason=" ")
    assert "A decision needs a reason." in body
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_a_reviewer_s_own_request_shows_no_button(page, applicant, submitted):
    applicant.is_reviewer = applicant.is_superuser = True
    applicant.save()
    _, body = page(applicant, f"/review/{submitted.pk}/")
    assert "Approve and sign" not in body
    assert "You cannot decide here" in body
    _, body = page(
        applicant,
        f"/requests/{submitted.pk}/approve/",
        reason="x",
        manifest_sha256=looked_at(submitted),
    )
    assert "Nobody reviews a request or a set of their own" in body


def test_strangers_find_nothing_and_the_queue_is_for_reviewers(page, stranger, submitted):
    assert page(stranger, f"/requests/{submitted.pk}/")[0] == 404
    assert page(stranger, f"/requests/{submitted.pk}/reject/", reason="x")[0] == 404
    assert page(stranger, "/review/")[0] == 403
    assert page(stranger, f"/review/{submitted.pk}/")[0] == 403
    assert page(make_user("auditor", is_auditor=True), f"/requests/{submitted.pk}/")[0] == 200


def test_an_unknown_command_is_no_page(page, reviewer, submitted):
    assert page(reviewer, f"/requests/{submitted.pk}/explode/", reason="x")[0] == 404


def test_pages_need_signing_in(client, db):
    for path in ("/requests/", "/review/", "/runs/"):
        assert client.get(path).status_code == 302
