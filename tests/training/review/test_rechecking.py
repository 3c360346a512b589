"""What went stale is decided anew without anybody looking, and only that."""

from django.db import transaction

from provenance.clearance.services import evaluate_set, mark_stale
from provenance.intake import rechecking as sets
from provenance.intake.selectors import plain_use, subject_of
from provenance.models import Evaluation, Standing
from tests.training.conftest import Actor
from training.review import rechecking, selectors, services


def test_a_submitted_request_that_a_change_touched_is_decided_anew(request_draft):
    services.submit(actor=Actor.of(request_draft.applicant), request=request_draft)
    subject = selectors.subject_of(request_draft)
    assert rechecking.recheck() == 0
    before = Evaluation.objects.filter(subject=subject).count()
    standing = Standing.objects.get(pk=subject)
    basis = standing.bases.filter(kind="work").first()
    mark_stale_now(basis)
    assert rechecking.recheck() == 1
    assert Evaluation.objects.filter(subject=subject).count() == before + 1
    assert Standing.objects.get(pk=subject).stale_at is None
    assert rechecking.recheck() == 0


def test_a_draft_waits_for_its_applicant(request_draft):
    services.check(actor=Actor.of(request_draft.applicant), request=request_draft)
    mark_stale_now(Standing.objects.get(pk=selectors.subject_of(request_draft)).bases.first())
    assert rechecking.recheck() == 0


def test_a_set_that_a_change_touched_is_decided_anew(request_draft):
    image_set = request_draft.image_set
    evaluate_set(image_set=image_set, use=plain_use(image_set), subject=subject_of(image_set))
    assert sets.recheck() == 0
    mark_stale_now(Standing.objects.get(pk=subject_of(image_set)).bases.first())
    assert sets.recheck() == 1


def mark_stale_now(basis):
    with transaction.atomic():
        mark_stale(kind=basis.kind, refs=[basis.ref])
