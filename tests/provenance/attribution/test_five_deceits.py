"""Five ways to pass oneself off as a party, each through the set's verdict.

The last line of each says what the decision is today: flagged or blocked, never cleared. Whoever
tightens the rules of clearance tightens these with them.
"""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from accounts.errors import RefusedError
from provenance.attribution import contacts
from provenance.attribution.parties import claim_membership, register_party
from provenance.attribution.services import declare
from provenance.clearance.services import evaluate_set
from provenance.consent import services
from provenance.models import Contact, Level, Party, PartyMember, TitleLink
from tests.provenance import records
from tests.provenance.attribution.test_speaking import address, answered
from tests.provenance.records import actor
from tests.provenance.rights import CHECKED, TERMS, Rights

pytestmark = pytest.mark.django_db


def verdict(rights: Rights) -> tuple[str, set[str]]:
    found = evaluate_set(image_set=rights.image_set, use=rights.use, subject=rights.subject)
    return found.outcome, {f["code"] for f in found.findings}


def held_by(rights: Rights, party: Party) -> None:
    """The works are stated, by nobody known, to be held by `party`."""
    TitleLink.objects.update(party=party, level=Level.SELF_DECLARED)


def mira(rights: Rights, level: int = Level.SELF_DECLARED) -> Party:
    return Party.objects.create(name="Mira Aster", kind="person", level=level)


def test_deceit_1_a_sock_puppet_of_the_applicant_claims_the_party_and_grants(rights: Rights):
    party = mira(rights)
    held_by(rights, party)
    puppet = records.user("puppet")
    given = address(rights.applicant, party, "mira@mail.example")
    assert answered(puppet, given).level == Level.SELF_DECLARED
    claim_membership(actor=actor(puppet), party=party)
    grant = services.give_grant(actor=actor(puppet), party=party, terms=TERMS, works=None)
    assert grant.identity_level == Level.SELF_DECLARED
    outcome, codes = verdict(rights)
    assert outcome != "cleared"
    assert "evidence_insufficient" in codes


def test_deceit_2_a_look_alike_of_the_partys_domain_confirms_nothing(rights: Rights):
    party = mira(rights)
    held_by(rights, party)
    address(rights.operator, party, "mira-example.org", Contact.Kind.DOMAIN)
    agent = records.user("agent")
    PartyMember.objects.create(party=party, user=agent, level=CHECKED)
    fooled = address(agent, party, "rights@m1ra-example.org")
    thief = records.user("thief")
    assert answered(thief, fooled).level == Level.SELF_DECLARED
    assert "looks like mira-example.org" in contacts.warning(fooled)
    with pytest.raises(PermissionDenied):
        services.give_grant(actor=actor(thief), party=party, terms=TERMS, works=None)
    assert verdict(rights) == ("blocked", {"licence_missing"})


def test_deceit_3_the_same_account_on_both_sides(rights: Rights):
    party = mira(rights)
    held_by(rights, party)
    answered(rights.applicant, address(rights.applicant, party, "mira@mail.example"))
    claim_membership(actor=actor(rights.applicant), party=party)
    ask = services.ask_party(
        actor=actor(rights.applicant), image_set=rights.image_set, party=party, purpose="A model.",
        model_name="lamp-lines",
    )  # fmt: skip
    with pytest.raises(RefusedError, match="merely say"):
        services.grant(actor=actor(rights.applicant), ask=ask, terms=TERMS)
    services.give_grant(actor=actor(rights.applicant), party=party, terms=TERMS, works=None)
    outcome, codes = verdict(rights)
    assert outcome != "cleared"
    assert "evidence_insufficient" in codes


def test_deceit_4_an_employee_who_may_not_sign_grants(rights: Rights):
    clerk = records.user("clerk")
    answered(clerk, address(rights.operator, rights.lantern, "clerk@lantern.example"))
    grant = services.give_grant(
        actor=actor(clerk), party=rights.lantern, terms=TERMS, works=rights.works
    )
    assert grant.identity_level == Level.SELF_DECLARED
    outcome, codes = verdict(rights)
    assert outcome != "cleared"
    assert "evidence_insufficient" in codes


def test_deceit_5_a_thief_registers_the_party_first(rights: Rights):
    thief = rights.applicant
    party = register_party(actor=actor(thief), name="Mira Aster", kind=Party.Kind.PERSON)
    claim_membership(actor=actor(thief), party=party)
    declare(
        actor=actor(thief), image_set=rights.image_set,
        changes={item.pk: {"title": "Mine", "holders": ("Mira Aster",), "reference": ""}
                 for item in rights.items},
    )  # fmt: skip
    services.give_grant(actor=actor(thief), party=party, terms=TERMS, works=None)
    outcome, codes = verdict(rights)
    assert (outcome, "evidence_insufficient" in codes) == ("blocked", True)
    real = records.user("mira")
    services.confirm_member(actor=actor(rights.operator), party=party, user=real, level=CHECKED)
    with pytest.raises(PermissionDenied):
        services.give_grant(actor=actor(thief), party=party, terms=TERMS, works=None)
    services.revoke_grant(
        actor=actor(real), grant=party.grants_given.get(), reason="That was not me."
    )
    assert verdict(rights)[0] == "blocked"
