"""The kinds of purpose and the recipients of a request: permissions are held against them."""

from provenance.models import Grant
from tests.training.conftest import Actor, draft, make_request, make_set
from training.review import services
from training.review.rules import faults
from training.review.selectors import subject_of, use_of


def granted(applicant, **terms):
    image_set = make_set(applicant)
    work = image_set.items.first().work
    party = work.title_links.get().party
    for item in image_set.items.all():
        item.work.licence_claims.all().delete()
    Grant.objects.create(
        assigner=party,
        all_works=True,
        actions=["train", "distribute-weights"],
        identity_level=2,
        **terms,
    )
    return image_set


def codes(applicant, request):
    evaluation = services.check(actor=Actor.of(applicant), request=request)
    return {finding["code"] for finding in evaluation.findings}


def test_a_permission_for_research_needs_a_request_that_is_for_research_only(applicant, base):
    image_set = granted(applicant, purposes=["research"])
    request = make_request(applicant, image_set)
    assert codes(applicant, request) == {"grant_scope"}
    request.purposes = ["research", "product"]
    assert codes(applicant, request) == {"grant_scope"}
    request.purposes = ["research"]
    assert codes(applicant, request) == set()


def test_a_permission_for_people_who_accepted_terms_needs_a_gated_model(applicant, base):
    request = make_request(applicant, granted(applicant, recipients=["registered"]))
    assert codes(applicant, request) == {"grant_scope"}
    request.gated = True
    assert codes(applicant, request) == set()


def test_the_models_own_request_is_not_counted_against_its_permission(applicant, base):
    request = make_request(applicant, granted(applicant, max_models=1))
    grant = Grant.objects.get()
    grant.uses.create(subject=subject_of(request))
    assert use_of(request).request == str(request.pk)
    assert codes(applicant, request) == set()
    grant.uses.create(subject="request:another")
    assert codes(applicant, request) == {"grant_used_up"}


def test_an_unknown_kind_of_purpose_is_refused_by_name(applicant, base):
    assert "fun" in faults(draft(purposes=("fun",)))["purposes"]
