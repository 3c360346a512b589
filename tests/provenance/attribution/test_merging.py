"""Two records of one party become one, and two again."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from accounts.errors import InvalidError, RefusedError
from provenance.attribution.merging import merge_parties, naming_a_party, undo_merge
from provenance.attribution.parties import find_party
from provenance.clearance.services import evaluate_set, holds
from provenance.consent.services import confirm_member, give_grant, reserve
from provenance.models import (
    Delegation,
    Level,
    Party,
    PartyMember,
    PartyMerge,
    PartyName,
    Reservation,
    TitleLink,
)
from provenance.naming.selectors import protected_names
from tests.provenance import records
from tests.provenance.records import actor, client_of
from tests.provenance.rights import TERMS, Rights, self_declared

pytestmark = pytest.mark.django_db


@pytest.fixture
def double(rights: Rights) -> Party:
    """Lantern once more, less well known: holds the second work too, grants, reserves."""
    party = Party.objects.create(name="Lantern Films Ltd", kind="organisation")
    user = records.user("second-studio")
    confirm_member(
        actor=actor(rights.operator), party=party, user=user, level=Level.CONTACT_CONFIRMED
    )
    self_declared(rights.studio, party)
    TitleLink.objects.create(work=rights.works[1], party=party)
    rights.works[0].creators.add(party, rights.lantern)
    give_grant(actor=actor(user), party=party, terms=TERMS, works=None)
    reserve(actor=actor(user), party=party, statement="no")
    Delegation.objects.create(principal=party, agent=rights.lantern, role="publisher")
    Delegation.objects.create(principal=rights.maren, agent=party, role="agent")
    return party


def snapshot() -> dict[str, list[object]]:
    """Every row of every table that names a party."""
    tables = {model for model, _ in naming_a_party()} | {Party, PartyName}
    return {
        model._meta.label: sorted(map(str, model._base_manager.values_list())) for model in tables
    }


def merged(rights: Rights, double: Party) -> PartyMerge:
    return merge_parties(
        actor=actor(rights.operator), keep=rights.lantern, merged=double, reason="Same register no."
    )


def test_all_that_named_the_merged_party_names_the_kept_one(rights: Rights, double):
    merged(rights, double)
    assert double.merged_into == rights.lantern
    assert Reservation.objects.get().party == rights.lantern
    assert rights.lantern.grants_given.count() == 1
    assert rights.lantern.other_names.get().text == "Lantern Films Ltd"
    assert not TitleLink.objects.filter(party=double, ended_at=None).exists()
    assert not rights.works[0].creators.filter(pk=double.pk).exists()
    assert Delegation.objects.get(ended_at=None).agent == rights.lantern
    assert not Party.spoken_for_by(rights.studio.pk).filter(pk=double.pk).exists()


def test_no_level_rises_by_a_merge(rights: Rights, double):
    TitleLink.objects.filter(party=rights.lantern).update(level=0)
    merged(rights, double)
    links = TitleLink.objects.filter(party=rights.lantern, ended_at=None)
    assert set(links.values_list("level", flat=True)) == {0}
    rights.lantern.refresh_from_db()
    assert rights.lantern.level == Level.DOCUMENT_CHECKED
    members = dict(
        PartyMember.objects.filter(party=rights.lantern).values_list("user__username", "level")
    )
    assert members == {"studio": 2, "second-studio": 1}


def test_undoing_a_merge_puts_every_row_back(rights: Rights, double):
    before = snapshot()
    merge = merged(rights, double)
    assert snapshot() != before
    undo_merge(actor=actor(rights.operator), merge=merge, reason="Two companies after all.")
    after = snapshot()
    for label, rows in before.items():
        if "creators" not in label:  # a pair that was put back has another row number
            assert after[label] == rows, label
    assert rights.works[0].creators.filter(pk=double.pk).exists()
    with pytest.raises(RefusedError, match="any more"):
        undo_merge(actor=actor(rights.operator), merge=merge, reason="again")


def test_what_rests_on_either_is_decided_anew(rights: Rights, double):
    give_grant(actor=actor(rights.studio), party=rights.lantern, terms=TERMS, works=None)
    TitleLink.objects.filter(party=double).delete()
    Reservation.objects.all().delete()
    evaluate_set(image_set=rights.image_set, use=rights.use, subject=rights.subject)
    assert holds(rights.subject)
    merged(rights, double)
    assert not holds(rights.subject)


def test_only_a_reviewer_or_operator_who_speaks_for_neither_merges(
    rights: Rights, double, reviewer
):
    values = {"keep": rights.lantern, "merged": double, "reason": "Same."}
    with pytest.raises(PermissionDenied):
        merge_parties(actor=actor(rights.studio), **values)
    self_declared(reviewer, double)
    with pytest.raises(PermissionDenied, match="speak for themselves"):
        merge_parties(actor=actor(reviewer), **values)
    other = records.user("other-reviewer", is_reviewer=True)
    with pytest.raises(InvalidError, match="how you know"):
        merge_parties(actor=actor(other), **values | {"reason": " "})
    assert merge_parties(actor=actor(other), **values)


def test_a_better_known_record_a_person_and_a_merged_one_are_not_merged_away(
    rights: Rights, double
):
    by = actor(rights.operator)
    with pytest.raises(RefusedError, match="better known"):
        merge_parties(actor=by, keep=double, merged=rights.lantern, reason="Same.")
    with pytest.raises(InvalidError, match="not one party"):
        merge_parties(actor=by, keep=rights.lantern, merged=rights.maren, reason="Same.")
    with pytest.raises(InvalidError, match="one record already"):
        merge_parties(actor=by, keep=double, merged=double, reason="Same.")
    merged(rights, double)
    with pytest.raises(RefusedError, match="merged before"):
        merged(rights, double)


def test_a_merged_party_is_found_by_its_name_as_the_kept_one_and_listed_no_more(
    rights: Rights, double
):
    merged(rights, double)
    assert find_party("Lantern Films Ltd") == rights.lantern
    listed = client_of(rights.studio).get("/api/v1/parties/?search=Lantern").json()
    assert [row["name"] for row in listed["results"]] == ["Lantern Films"]
    assert str(double.pk) not in {name.party_id for name in protected_names()}
    assert "Lantern Films Ltd" in {form for name in protected_names() for form in name.forms}


def test_over_the_api(rights: Rights, double, reviewer):
    url = f"/api/v1/parties/{rights.lantern.pk}/merge/"
    body = {"merged": str(double.pk), "reason": "Same."}
    assert client_of(rights.studio).post(url, body).status_code == 403
    merge = client_of(reviewer).post(url, body).json()
    undo = f"/api/v1/party-merges/{merge['id']}/undo/"
    assert client_of(reviewer).post(undo, {"reason": "Not the same."}).status_code == 201
