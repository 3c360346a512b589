"""Every surface that bears names asks the one rule, and what it asks is on record."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.errors import RefusedError
from ledger.models import Entry
from provenance.models import Level, Namesake, Party, PartyMember, PartyName
from provenance.naming.rules.places import PLACES
from provenance.naming.selectors import names_in, protected_names
from provenance.naming.services import clear_namesake
from provenance.naming.surfaces import SURFACES
from provenance.naming.validators import not_a_protected_name
from tests.provenance import records


@pytest.fixture
def mirelle(db):
    return Party.objects.create(
        kind=Party.Kind.PERSON, name="Mirelle Okonvask", level=Level.DOCUMENT_CHECKED
    )


def facts(place, text, user):
    return names_in([(place, text)], applicant=str(user.pk), today=timezone.localdate())


@pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.name)
def test_each_surface_has_a_function_that_asks_and_a_place_that_the_rule_knows(surface):
    module, name = surface.asked.rsplit(".", 1)
    assert callable(getattr(import_module(module), name))
    assert surface.place in PLACES


@pytest.mark.parametrize("place", sorted(PLACES))
def test_a_persons_name_is_found_at_every_place(place, mirelle, stranger):
    assert [fact.party for fact in facts(place, "okonvask-style", stranger)] == [str(mirelle.pk)]


def test_signing_up_under_a_proven_name_is_refused_without_telling_it(mirelle, settings):
    assert not_a_protected_name in import_string(settings.ACCOUNT_USERNAME_VALIDATORS)
    with pytest.raises(ValidationError) as refused:
        not_a_protected_name("m0konvask")
    assert "Mirelle" not in str(refused.value.messages)
    not_a_protected_name("quiet-harbours")


def test_an_unproven_name_refuses_nobody_at_sign_up(mirelle):
    Party.objects.filter(pk=mirelle.pk).update(level=Level.SELF_DECLARED)
    not_a_protected_name("mokonvask")


def test_a_verified_person_owns_under_their_own_name_but_the_model_still_needs_consent(
    mirelle, owner
):
    PartyMember.objects.create(party=mirelle, user=owner, level=Level.DOCUMENT_CHECKED)
    assert facts("owner", "mirelle-okonvask", owner) == ()
    assert facts("name", "mirelle-okonvask", owner)


def test_somebody_who_only_says_so_does_not_own_under_a_name(mirelle, owner):
    PartyMember.objects.create(party=mirelle, user=owner)
    assert facts("owner", "mirelle-okonvask", owner)


class TestNamesakes:
    @pytest.fixture
    def own(self, owner):
        party = Party.objects.create(
            kind=Party.Kind.PERSON, name="Mirelle Okonvask", level=Level.DOCUMENT_CHECKED
        )
        PartyMember.objects.create(party=party, user=owner, level=Level.DOCUMENT_CHECKED)
        return party

    def decide(self, by, user, party, form="mirelle-okonvask"):
        actor = records.actor(by)
        return clear_namesake(actor=actor, user=user, party=party, form=form, reason="Same name.")

    @pytest.mark.usefixtures("own")
    def test_a_recorded_decision_clears_a_namesake(self, mirelle, owner, reviewer):
        assert str(mirelle.pk) in {f.party for f in facts("owner", "mirelle-okonvask", owner)}
        self.decide(reviewer, owner, mirelle)
        assert facts("owner", "mirelle-okonvask", owner) == ()
        assert Entry.objects.filter(kind="namesake.cleared").count() == 1

    def test_a_name_that_is_not_proven_is_not_cleared(self, mirelle, owner, reviewer):
        with pytest.raises(RefusedError, match="not on record"):
            self.decide(reviewer, owner, mirelle)

    @pytest.mark.usefixtures("own")
    def test_nobody_decides_about_themselves(self, mirelle, owner):
        owner.is_reviewer = True
        with pytest.raises(RefusedError, match="their own name"):
            self.decide(owner, owner, mirelle)

    @pytest.mark.usefixtures("own")
    def test_only_reviewers_decide(self, mirelle, owner, stranger):
        with pytest.raises(PermissionDenied):
            self.decide(stranger, owner, mirelle)
        assert not Namesake.objects.exists()

    @pytest.mark.usefixtures("own")
    def test_it_can_be_decided_through_the_api(self, mirelle, owner, reviewer):
        body = {"user": str(owner.pk), "form": "Mirelle Okonvask", "reason": "Their passport."}
        address = f"/api/v1/parties/{mirelle.pk}/namesakes/"
        answer = records.client_of(reviewer).post(address, body)
        assert answer.status_code == 201, answer.content


class TestKinds:
    def kinds(self):
        return {form: name.kind for name in protected_names() for form in name.forms}

    def test_other_names_are_of_their_own_kind(self, mirelle):
        for text, kind in (("Zephyrine", "pen-name"), ("Nimbo", "character"), ("Pomme", "brand")):
            PartyName.objects.create(party=mirelle, text=text, kind=kind)
        assert self.kinds() == {
            "Mirelle Okonvask": "person",
            "Zephyrine": "pen name",
            "Nimbo": "character",
            "Pomme": "brand",
        }

    def test_a_hundred_years_after_death_a_name_describes_a_style(self, mirelle, stranger):
        year = timezone.localdate().year
        Party.objects.filter(pk=mirelle.pk).update(died=year - 100)
        assert facts("prompt", "in the style of Mirelle Okonvask", stranger)
        Party.objects.filter(pk=mirelle.pk).update(died=year - 101)
        assert self.kinds() == {"Mirelle Okonvask": "historical"}
        assert facts("prompt", "in the style of Mirelle Okonvask", stranger) == ()
