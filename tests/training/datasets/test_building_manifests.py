import json
from datetime import date
from types import SimpleNamespace

from provenance.clearance.rules import Facts, NameFact, Use, encoding
from provenance.models import Grant, LicenceClaim, Party, TitleLink
from tests.training.conftest import Actor, make_request, make_set
from training.datasets.selectors import _naming, manifest_for
from training.review import selectors, services


def build(request):
    return manifest_for(request, services.check(actor=Actor.of(request.applicant), request=request))


def test_the_same_records_give_the_same_bytes(request_draft):
    assert build(request_draft).to_bytes() == build(request_draft).to_bytes()


def test_every_name_bearing_text_is_listed_where_it_stands(request_draft):
    texts = dict(map(reversed, build(request_draft).naming["texts"]))
    assert texts["curator"] == "owner"
    assert texts["small-shapes"] == "name"
    assert texts["zorblat"] == "token"
    assert texts["small shapes"] == "set"
    assert texts["zorblat in the rain"] == texts["a picture of zorblat"] == "prompt"


def test_a_picture_under_a_grant_lists_it_and_revoked_ones_are_left_out(applicant, base):
    image_set = make_set(applicant, count=1)
    LicenceClaim.objects.all().delete()
    party = Party.objects.get()
    given = {"assigner": party, "given_by": applicant, "identity_level": 2}
    actions = ["train", "distribute-weights"]
    grant = Grant.objects.create(all_works=True, actions=actions, **given)
    revoked = Grant.objects.create(all_works=True, actions=actions, **given)
    Grant.objects.filter(pk=revoked.pk).update(revoked_at=grant.given_at)
    (image,) = build(make_request(applicant, image_set)).images
    assert image.grants == (str(grant.pk),)
    assert image.licence is None
    assert image.holders == (str(party.pk),)
    assert image.verdict == "cleared"


def test_people_stand_in_it_by_random_ids_only(request_draft):
    text = build(request_draft).to_bytes().decode()
    assert "Shape House" not in text
    assert str(TitleLink.objects.first().party_id) in text


def test_the_digest_of_the_names_found_does_not_let_a_name_be_guessed():
    def told(matched: str) -> str:
        found = NameFact("token", "a mothwing", "party-1", matched)
        facts = Facts(date(2026, 1, 2), (), names=(found,))
        return _naming(facts, Use("u", (), "x"), SimpleNamespace(findings=[]))["found_sha256"]

    assert told("Mothwing") == told("Ottilie Brandvold")


def test_it_names_the_facts_and_the_policy_that_decided(request_draft):
    manifest = build(request_draft)
    evaluation = selectors.latest_evaluation(request_draft)
    assert manifest.verdict["facts_sha256"] == evaluation.facts_id
    facts, use = encoding.decode(evaluation.facts.body)
    assert isinstance(use, Use)
    assert facts.today <= date.today()  # noqa: DTZ011
    assert json.loads(manifest.to_bytes())["use"]["recipients"] == "everybody"
