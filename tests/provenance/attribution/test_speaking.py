"""Names, addresses, delegates, signatories: who may say what of a party, and what it is worth."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from ledger.models import Doorbell, Entry
from provenance.attribution import contacts, tasks
from provenance.attribution.channels import is_look_alike
from provenance.attribution.delegation import Scope, declare_delegation, end_delegation
from provenance.attribution.evidence import check_evidence, submit_evidence
from provenance.attribution.parties import add_name, claim_membership, end_name, name_signatory
from provenance.clearance.services import evaluate_set, holds
from provenance.consent.services import confirm_member, give_grant
from provenance.models import Contact, ContactCode, Delegation, Level, Party, PartyMember, PartyName
from tests.provenance import records
from tests.provenance.records import actor, client_of
from tests.provenance.rights import TERMS, Rights

pytestmark = pytest.mark.django_db

EMAIL = Contact.Kind.EMAIL
SCOPE = Scope(("train",))


def address(by, party, value="rights@lantern-films.example", kind=EMAIL) -> Contact:
    return contacts.add_contact(actor=actor(by), party=party, kind=kind, value=value)


def answered(user, contact: Contact) -> Contact:
    """`user` has a code mailed, reads the mail, and gives it back."""
    code = contacts.ask_for_code(actor=actor(user), contact=contact)
    tasks.send_code(str(code.pk))
    text = mail.outbox[-1].body
    assert mail.outbox[-1].to == [contact.value]
    written = next(line.strip() for line in text.splitlines() if line.startswith("    "))
    return contacts.answer_code(actor=actor(user), contact=contact, text=written)


def told(party: Party) -> list[str]:
    return list(
        Entry.objects.filter(subject=f"party:{party.pk}")
        .order_by("position")
        .values_list("kind", flat=True)
    )


# Names


def test_only_who_is_known_to_speak_for_a_party_gives_it_another_name(rights: Rights, stranger):
    claim_membership(actor=actor(stranger), party=rights.maren)
    with pytest.raises(PermissionDenied, match="known to speak"):
        add_name(actor=actor(stranger), party=rights.maren, text="M", kind=PartyName.Kind.PEN_NAME)
    name = add_name(
        actor=actor(rights.artist),
        party=rights.maren,
        text=" 北  光 ",
        kind=PartyName.Kind.SPELLING,
    )
    assert name.text == "北 光"
    assert "party_name.added" in told(rights.maren)


def test_a_name_never_ends_silently(rights: Rights):
    name = add_name(
        actor=actor(rights.artist), party=rights.maren, text="Sol", kind=PartyName.Kind.PEN_NAME
    )
    with pytest.raises(InvalidError, match="Say why"):
        end_name(actor=actor(rights.artist), name=name, reason=" ")
    end_name(actor=actor(rights.artist), name=name, reason="sold")
    entry = Entry.objects.get(kind="party_name.ended")
    assert entry.statement.text == "Sol: sold"
    with pytest.raises(RefusedError, match="ended before"):
        end_name(actor=actor(rights.artist), name=name, reason="again")


# Addresses


def test_an_address_that_an_operator_gave_binds_whoever_answers_through_it(
    rights: Rights, stranger
):
    contact = answered(stranger, address(rights.operator, rights.maren))
    assert contact.level == Level.CONTACT_CONFIRMED
    member = PartyMember.objects.get(party=rights.maren, user=stranger)
    assert (member.level, member.may_sign) == (Level.CONTACT_CONFIRMED, True)


def test_an_address_that_the_applicant_gave_stays_self_declared(rights: Rights):
    contact = answered(rights.applicant, address(rights.applicant, rights.maren))
    assert contact.level == Level.SELF_DECLARED
    assert not PartyMember.objects.filter(user=rights.applicant).exists()
    assert "by another way" in contacts.warning(contact)


def test_an_address_at_a_confirmed_domain_of_the_party_binds(rights: Rights, stranger, reviewer):
    domain = address(rights.operator, rights.maren, "solvik.example", Contact.Kind.DOMAIN)
    given = address(stranger, rights.maren, "me@solvik.example")
    assert answered(stranger, given).level == Level.SELF_DECLARED
    contacts.check_contact(
        actor=actor(reviewer), contact=domain, level=Level.CONTACT_CONFIRMED, note="Called them."
    )
    assert answered(stranger, given).level == Level.CONTACT_CONFIRMED


def test_a_code_is_for_the_account_that_asked_once_and_for_an_hour(rights: Rights, stranger):
    contact = address(rights.operator, rights.maren)
    code = contacts.ask_for_code(actor=actor(stranger), contact=contact)
    text = contacts.text_of(code)
    for user, given in ((rights.applicant, text), (stranger, "0" * 32)):
        with pytest.raises(RefusedError, match="wrong"):
            contacts.answer_code(actor=actor(user), contact=contact, text=given)
    contacts.answer_code(actor=actor(stranger), contact=contact, text=text)
    with pytest.raises(RefusedError, match="used before"):
        contacts.answer_code(actor=actor(stranger), contact=contact, text=text)
    late = contacts.ask_for_code(actor=actor(stranger), contact=contact)
    ContactCode.objects.filter(pk=late.pk).update(expires_at=timezone.now())
    with pytest.raises(RefusedError, match="over"):
        contacts.answer_code(actor=actor(stranger), contact=contact, text=contacts.text_of(late))
    tasks.send_code(str(late.pk))
    assert not mail.outbox


def test_a_code_is_mailed_through_the_outbox_and_nobody_floods_an_address(rights: Rights, stranger):
    contact = address(rights.operator, rights.maren)
    for _ in range(contacts.CODES_A_DAY):
        contacts.ask_for_code(actor=actor(stranger), contact=contact)
    assert Doorbell.objects.filter(task=contacts.SEND).count() == contacts.CODES_A_DAY
    elsewhere = address(stranger, rights.lantern, contact.value)
    with pytest.raises(RefusedError, match="codes went to this address"):
        contacts.ask_for_code(actor=actor(stranger), contact=elsewhere)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "no address"), ("domain", "https://example.org/"), ("phone", "0123"),
        ("key", "abc"), ("domain", "127.0.0.1"),
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(rights: Rights, kind, value):
    with pytest.raises(InvalidError, match="This is not"):
        address(rights.artist, rights.maren, value, Contact.Kind(kind))


def test_only_members_and_overseers_see_addresses_and_adding_tells_nothing(
    rights: Rights, stranger
):
    contact = address(rights.operator, rights.maren)
    url = f"/api/v1/parties/{rights.maren.pk}/contacts/"
    claim_membership(actor=actor(stranger), party=rights.maren)
    assert client_of(stranger).get(url).json() == []
    assert client_of(rights.artist).get(url).json()[0]["value"] == contact.value
    body = {"kind": "email", "value": contact.value}
    there = client_of(stranger).post(url, body)
    new = client_of(stranger).post(url, body | {"value": "other@lantern-films.example"})
    assert there.status_code == new.status_code == 201
    assert set(there.json()) == set(new.json()) == {"id", "kind", "value"}


def test_a_check_is_a_reviewers_who_neither_gave_it_nor_is_the_party(rights: Rights, reviewer):
    own = address(reviewer, rights.maren)
    given = address(rights.artist, rights.maren, "a@solvik.example")
    check = {"level": Level.DOCUMENT_CHECKED, "note": "Called."}
    with pytest.raises(PermissionDenied):
        contacts.check_contact(actor=actor(rights.artist), contact=own, **check)
    with pytest.raises(RefusedError, match="gave themselves"):
        contacts.check_contact(actor=actor(reviewer), contact=own, **check)
    assert contacts.check_contact(actor=actor(reviewer), contact=given, **check).level == 2
    claim_membership(actor=actor(reviewer), party=rights.maren)
    with pytest.raises(PermissionDenied, match="speak for themselves"):
        contacts.check_contact(actor=actor(reviewer), contact=given, **check)


def test_an_ended_address_can_be_answered_through_no_more(rights: Rights, stranger):
    contact = address(rights.operator, rights.maren)
    with pytest.raises(PermissionDenied):
        contacts.end_contact(actor=actor(stranger), contact=contact)
    contacts.end_contact(actor=actor(rights.artist), contact=contact)
    contact.refresh_from_db()
    with pytest.raises(RefusedError, match="no longer in use"):
        contacts.ask_for_code(actor=actor(stranger), contact=contact)


@pytest.mark.parametrize(
    ("domain", "known", "imitates"),
    [
        ("m1ra-example.org", "mira-example.org", True),
        ("mira-exarnple.org", "mira-example.org", True),
        ("mira-example.com", "mira-example.org", True),
        ("miraexample.org", "mira-example.org", True),
        ("mіra-example.org", "mira-example.org", True),  # noqa: RUF001 - a Cyrillic letter
        ("mira-example.org", "mira-example.org", False),
        ("mail.mira-example.org", "mira-example.org", False),
        ("lantern.example.net", "mira-example.org", False),
    ],
)
def test_look_alikes_are_told_apart_from_the_domain_itself(domain, known, imitates):
    assert is_look_alike(domain, known) is imitates


# Delegates


def delegated(by, rights: Rights, **more) -> Delegation:
    values = {"principal": rights.maren, "agent": rights.lantern, "scope": SCOPE} | more
    return declare_delegation(actor=actor(by), role=Delegation.Role.AGENT, **values)


def test_the_principal_delegates_as_well_as_they_are_known(rights: Rights):
    made = delegated(rights.artist, rights)
    assert made.level == Level.DOCUMENT_CHECKED
    PartyMember.objects.filter(user=rights.artist).update(may_sign=False)
    assert delegated(rights.artist, rights).level == Level.SELF_DECLARED


def test_an_agent_needs_evidence_and_only_its_check_raises_the_delegation(rights: Rights, reviewer):
    with pytest.raises(InvalidError, match="needs a document"):
        delegated(rights.studio, rights)
    paper = submit_evidence(actor=actor(rights.studio), data=b"contract", title="Contract")
    made = delegated(rights.studio, rights, evidence=str(paper.pk))
    assert made.level == Level.SELF_DECLARED
    paper.refresh_from_db()
    levels = {"identity": Level.DOCUMENT_CHECKED, "title": Level.DOCUMENT_CHECKED}
    with pytest.raises(RefusedError, match="Since you looked"):
        check_evidence(actor=actor(reviewer), evidence=paper, note="Read.", citations="", **levels)
    check_evidence(
        actor=actor(reviewer), evidence=paper, note="Read.", citations=paper.citations, **levels
    )
    made.refresh_from_db()
    assert made.level == Level.DOCUMENT_CHECKED


def test_strangers_declare_and_end_no_delegation(rights: Rights, stranger):
    with pytest.raises(PermissionDenied):
        delegated(stranger, rights)
    made = delegated(rights.artist, rights)
    with pytest.raises(PermissionDenied):
        end_delegation(actor=actor(stranger), delegation=made)
    assert end_delegation(actor=actor(rights.studio), delegation=made).ended_at
    with pytest.raises(RefusedError, match="ended before"):
        end_delegation(actor=actor(rights.artist), delegation=made)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"scope": Scope(())}, "Choose some of"),
        ({"scope": Scope(("fly",))}, "Choose some of"),
        ({"scope": Scope(("train",), ("germany",))}, "Territories are"),
        ({"scope": Scope(("train",), ("ZZ",))}, "Territories are"),
    ],
)
def test_a_scope_that_says_nothing_is_refused(rights: Rights, change, sentence):
    with pytest.raises(InvalidError, match=sentence):
        delegated(rights.artist, rights, **change)


def test_a_delegation_ends_after_it_starts_and_is_to_somebody_else(rights: Rights):
    today = timezone.now().date()
    backwards = Scope(("train",), ("DE",), today, today - timedelta(days=1))
    with pytest.raises(InvalidError, match="ends before it starts"):
        delegated(rights.artist, rights, scope=backwards)
    with pytest.raises(InvalidError, match="decides for itself"):
        delegated(rights.artist, rights, agent=rights.maren)


def test_a_delegation_has_what_rests_on_its_principal_decided_anew(rights: Rights):
    give_grant(actor=actor(rights.studio), party=rights.lantern, terms=TERMS, works=None)
    evaluate_set(image_set=rights.image_set, use=rights.use, subject=rights.subject)
    assert holds(rights.subject)
    declare_delegation(
        actor=actor(rights.studio), principal=rights.lantern, agent=rights.maren,
        role=Delegation.Role.AGENT, scope=SCOPE,
    )  # fmt: skip
    assert not holds(rights.subject)


# Signatories


def test_who_answered_for_an_organisation_signs_only_once_a_signatory_says_so(rights: Rights):
    clerk = records.user("clerk")
    answered(clerk, address(rights.operator, rights.lantern))
    member = PartyMember.objects.get(party=rights.lantern, user=clerk)
    assert (member.level, member.may_sign) == (Level.CONTACT_CONFIRMED, False)
    grant = give_grant(actor=actor(clerk), party=rights.lantern, terms=TERMS, works=None)
    assert grant.identity_level == Level.SELF_DECLARED
    with pytest.raises(PermissionDenied, match="who may sign"):
        name_signatory(actor=actor(clerk), party=rights.lantern, user=clerk, may_sign=True)
    name_signatory(actor=actor(rights.studio), party=rights.lantern, user=clerk, may_sign=True)
    grant = give_grant(actor=actor(clerk), party=rights.lantern, terms=TERMS, works=None)
    assert grant.identity_level == Level.CONTACT_CONFIRMED


def test_nobody_unknown_is_named_a_signatory(rights: Rights, stranger):
    claim_membership(actor=actor(stranger), party=rights.lantern)
    with pytest.raises(InvalidError, match="not known to speak"):
        name_signatory(
            actor=actor(rights.studio), party=rights.lantern, user=stranger, may_sign=True
        )
    confirm_member(
        actor=actor(rights.operator), party=rights.lantern, user=stranger, level=Level.SIGNED
    )
    url = f"/api/v1/parties/{rights.lantern.pk}/signatories/"
    answer = client_of(rights.operator).post(url, {"user": "stranger", "may_sign": False})
    assert answer.json()["may_sign"] is False
