"""A party's page: its names, who speaks and decides for it, its works; forms for its members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.actors import Actor
from accounts.errors import InvalidError
from accounts.models import User
from accounts.requests import actor_of, user_of
from provenance.attribution import contacts, parties, proofs, selectors
from provenance.attribution.channels import known_member, live_contacts
from provenance.attribution.delegation import declare_delegation, end_delegation
from provenance.attribution.party_forms import ContactForm, DelegationForm, NameForm, PartyForm
from provenance.models import Contact, Delegation, Level, Party, PartyMember, PartyName
from provenance.naming.services import record_death

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django import forms
    from django.http import HttpRequest, HttpResponse

WORKS: Final = 50
"""Works listed on the page."""


@login_required
@require_GET
def party(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """What is on record about a party, as far as this user may see it."""
    found = get_object_or_404(Party.objects.select_related("merged_into"), pk=party_id)
    if found.merged_into is not None:
        return redirect("provenance:party", party_id=found.merged_into_id)
    user = user_of(request)
    actor = Actor.of(user)
    is_operator = "operator" in user.roles
    member = known_member(actor, found)
    mine = PartyMember.objects.filter(party=found, user=user).first()
    checks = mine is None and bool(user.roles & selectors.CHECKERS)
    works = selectors.visible_works(user).filter(Q(title_links__party=found) | Q(creators=found))
    context = {
        "party": found,
        "names": found.other_names.order_by("pk"),
        "members": found.members.select_related("user").order_by("-level", "since"),
        "known": found.members.filter(level__gte=Level.CONTACT_CONFIRMED).count(),
        "mine": mine,
        "sees_all": selectors.sees_contacts(user, found),
        "may_record_death": "reviewer" in user.roles and found.kind == Party.Kind.PERSON,
        "may_change": member is not None or is_operator,
        "may_sign": is_operator or bool(member and member.may_sign),
        "contacts": [
            {"contact": each, "warning": contacts.warning(each),
             "may_check": checks and each.added_by != user,
             "token": proofs.domain_token(actor, each) if each.kind == Contact.Kind.DOMAIN else ""}
            for each in selectors.contacts_for(user, found)
        ],
        "levels": Level.choices,
        "delegations": selectors.delegations_of(found),
        "works": works.distinct()[:WORKS],
        "name_form": NameForm(auto_id="name_%s"),
        "contact_form": ContactForm(auto_id="contact_%s"),
        "delegation_form": DelegationForm(user=user, auto_id="delegation_%s"),
    }  # fmt: skip
    return render(request, "provenance/party.html", context)


@login_required
@require_POST
def party_new(request: HttpRequest) -> HttpResponse:
    """A user puts themselves, or whom they act for, on record, self-declared."""
    data = _valid(PartyForm(request.POST)).cleaned_data
    there = parties.find_party(" ".join(data["name"].split()))
    if there is not None:  # perhaps another of the same name: to join it is a step of its own
        messages.info(request, f"{there} is on record already. If that is you, say so on its page.")
        return redirect("provenance:party", party_id=there.pk)
    actor, kind = actor_of(request), Party.Kind(data["kind"])
    with transaction.atomic():
        made = parties.register_party(actor=actor, name=data["name"], kind=kind)
        parties.claim_membership(actor=actor, party=made)
    messages.success(request, f"It is on record that you speak for {made}. Now add pictures.")
    return redirect("provenance:protections")


@login_required
@require_POST
def party_act(request: HttpRequest, party_id: UUID, act: str) -> HttpResponse:
    """One of the forms of the page."""
    found = get_object_or_404(Party, pk=party_id)
    if act not in ACTS:
        raise Http404
    try:
        messages.success(request, ACTS[act](request, found))
    except (ValidationError, ValueError) as error:  # an id that is none
        raise Http404 from error
    return redirect("provenance:party", party_id=party_id)


def _valid(form: forms.Form) -> forms.Form:
    """The form, or a refusal that says in a sentence what is wrong with it."""
    if not form.is_valid():
        wrong = " ".join(
            f"{form[name].label}: {'; '.join(map(str, e))}" for name, e in form.errors.items()
        )
        raise InvalidError("invalid", wrong)
    return form


def _contact(request: HttpRequest, found: Party) -> Contact:
    visible = selectors.contacts_for(user_of(request), found)
    return get_object_or_404(visible, pk=request.POST.get("contact"))


def _claim(request: HttpRequest, found: Party) -> str:
    parties.claim_membership(actor=actor_of(request), party=found)
    return "It is on record that you say so. Answer through one of its addresses to be known."


def _died(request: HttpRequest, found: Party) -> str:
    year = request.POST.get("year", "").strip()
    record_death(
        actor=actor_of(request),
        party=found,
        year=int(year) if year else None,
        reason=request.POST.get("reason", ""),
    )
    return "It is on record."


def _name(request: HttpRequest, found: Party) -> str:
    data = _valid(NameForm(request.POST)).cleaned_data
    kind = PartyName.Kind(data["kind"])
    parties.add_name(actor=actor_of(request), party=found, text=data["text"], kind=kind)
    return "The name is on record."


def _end_name(request: HttpRequest, found: Party) -> str:
    name = get_object_or_404(found.other_names, pk=request.POST.get("name"))
    parties.end_name(actor=actor_of(request), name=name, reason=request.POST.get("reason", ""))
    return "The name is no longer used; the ledger keeps that it was."


def _add_contact(request: HttpRequest, found: Party) -> str:
    data = _valid(ContactForm(request.POST)).cleaned_data
    kind = Contact.Kind(data["kind"])
    made = contacts.add_contact(
        actor=actor_of(request), party=found, kind=kind, value=data["value"]
    )
    if kind != Contact.Kind.EMAIL:
        return "The address is on record, self-declared."
    contacts.ask_for_code(actor=actor_of(request), contact=made)
    return "A code was mailed there. Enter it below."


def _answer(request: HttpRequest, found: Party) -> str:
    email = live_contacts(found).filter(kind=Contact.Kind.EMAIL)
    given = email.filter(value=request.POST.get("value", "").strip().lower()).first()
    if given is None:  # told like a wrong code: nobody learns here which addresses there are
        raise contacts.wrong_code()
    code = request.POST.get("code", "")
    answered = contacts.answer_code(actor=actor_of(request), contact=given, text=code)
    return contacts.warning(answered) or "The address is confirmed, and you are known by it."


def _prove(request: HttpRequest, found: Party) -> str:
    contact = _contact(request, found)
    proofs.prove_domain(actor=actor_of(request), contact=contact)
    contact.refresh_from_db()
    return contacts.warning(contact) or "The token was found: the domain is confirmed."


def _check_contact(request: HttpRequest, found: Party) -> str:
    level, note = Level(int(request.POST.get("level", ""))), request.POST.get("note", "")
    contact = _contact(request, found)
    contacts.check_contact(actor=actor_of(request), contact=contact, level=level, note=note)
    return (
        f"{contact.value} is {level.label} now. What is answered through it from here on counts as "
        "that; what was permitted before has to be permitted again."
    )


def _end_contact(request: HttpRequest, found: Party) -> str:
    contacts.end_contact(actor=actor_of(request), contact=_contact(request, found))
    return "The address is no longer used."


def _delegate(request: HttpRequest, found: Party) -> str:
    form = DelegationForm(request.POST, user=user_of(request))
    data = _valid(form).cleaned_data
    made = declare_delegation(
        actor=actor_of(request),
        principal=found,
        agent=data["agent"],
        role=Delegation.Role(data["role"]),
        scope=form.scope(),
        evidence=data["evidence"],
    )
    return f"It is on record that {made.agent} decides for {found}: {made.get_level_display()}."


def _end_delegation(request: HttpRequest, found: Party) -> str:
    mine = selectors.delegations_of(found)
    one = get_object_or_404(mine, pk=request.POST.get("delegation"))
    end_delegation(actor=actor_of(request), delegation=one)
    return "The delegation has ended."


def _signatory(request: HttpRequest, found: Party) -> str:
    user = get_object_or_404(User, pk=request.POST.get("user"))
    may_sign = request.POST.get("may_sign") == "yes"
    parties.name_signatory(actor=actor_of(request), party=found, user=user, may_sign=may_sign)
    return f"{user} may sign now." if may_sign else f"{user} may no longer sign."


ACTS: Final[dict[str, Callable[[HttpRequest, Party], str]]] = {
    "claim": _claim,
    "add-name": _name,
    "end-name": _end_name,
    "died": _died,
    "add-contact": _add_contact,
    "answer": _answer,
    "prove": _prove,
    "check-contact": _check_contact,
    "end-contact": _end_contact,
    "delegate": _delegate,
    "end-delegation": _end_delegation,
    "signatory": _signatory,
}
"""The page's forms, by the last part of their address."""
