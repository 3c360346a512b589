"""Pages for those who are asked: requests to answer, grants to look at and to withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.errors import RefusedError
from accounts.requests import actor_of, user_of
from provenance.consent import private, selectors, services
from provenance.consent.forms import AnswerForm, AskAllForm, AskForm, ReasonForm
from provenance.consent.policy import current_policy
from provenance.models import ImageSet, Party

if TYPE_CHECKING:
    from django.http import HttpRequest


@login_required
def asks(request: HttpRequest) -> HttpResponse:
    """Requests to the parties this user speaks for, and those the user made."""
    user = user_of(request)
    context = {"to_me": selectors.asks_to(user), "by_me": selectors.asks_by(user)}
    return render(request, "provenance/asks.html", context)


@login_required
def ask(request: HttpRequest, ask_id: str) -> HttpResponse:
    """One request: what is asked, for which pictures; the party answers here."""
    found, may_answer = selectors.ask_for(user_of(request), ask_id)
    form = AnswerForm(request.POST or None, ask=found)
    if request.method == "POST" and may_answer:
        if "refuse" in request.POST:
            services.refuse(actor=actor_of(request), ask=found, note=request.POST.get("note", ""))
            messages.success(request, "You refused. The applicant is told; nothing is trained.")
            return redirect("provenance:ask", ask_id=found.pk)
        if form.is_valid() and _grant(request, form, found.pk):
            return redirect("provenance:ask", ask_id=found.pk)
    context = {
        "ask": found,
        "form": form,
        "may_answer": may_answer,
        "items": selectors.pictures_of(found),
        "history": selectors.history_of(found),
        "may_withdraw": found.applicant_id == user_of(request).pk and found.state in selectors.OPEN,
    }
    return render(request, "provenance/ask.html", context)


def _grant(request: HttpRequest, form: AnswerForm, ask_id: UUID) -> bool:
    found, _ = selectors.ask_for(user_of(request), ask_id)
    try:
        services.grant(
            actor=actor_of(request),
            ask=found,
            terms=form.terms(),
            works=form.cleaned_data["works"],
            note=form.cleaned_data["note"],
        )
    except RefusedError as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, "Your permission is on record. You can withdraw it at any time.")
    return True


def _party(party_id: str) -> Party:
    try:
        return get_object_or_404(Party, pk=UUID(party_id))
    except ValueError as error:
        raise Http404 from error


@login_required
def ask_new(request: HttpRequest, set_id: str) -> HttpResponse:
    """The applicant writes to a party whose permission is missing."""
    image_set = get_object_or_404(ImageSet, pk=set_id, owner=user_of(request))
    party = _party(request.GET.get("party", ""))
    form = AskForm(request.POST or None, initial={"model_name": image_set.name})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.ask_party(
                actor=actor_of(request),
                image_set=image_set,
                party=party,
                **form.cleaned_data,
            )
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{party} has been asked. Silence is never taken for a yes.")
            return redirect("provenance:ask", ask_id=made.pk)
    works = selectors.works_of_party_in(image_set, party)
    context = {"form": form, "party": party, "image_set": image_set, "works": works}
    return render(request, "provenance/ask_new.html", context)


@login_required
def ask_all(request: HttpRequest, set_id: str) -> HttpResponse:
    """The applicant writes to everybody whose permission is missing, at once."""
    image_set = get_object_or_404(ImageSet, pk=set_id, owner=user_of(request))
    parties = [party for party, _ in services.missing(actor_of(request), image_set)]
    form = AskAllForm(request.POST or None, parties=parties, initial={"model_name": image_set.name})
    if request.method == "POST" and form.is_valid():
        try:
            done = services.ask_all(actor=actor_of(request), image_set=image_set, **form.request())
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            _tell(request, done)
            return redirect("provenance:asks")
    context = {"form": form, "parties": parties, "image_set": image_set}
    return render(request, "provenance/ask_all.html", context)


def _tell(request: HttpRequest, done: list[services.Asked]) -> None:
    asked = sum(one.ask is not None for one in done)
    if asked:
        messages.success(request, f"{asked} asked. Silence is never taken for a yes.")
    for one in done:
        if one.ask is None:
            messages.error(request, f"{one.party}: {one.refusal}")


@login_required
@require_POST
def ask_withdraw(request: HttpRequest, ask_id: str) -> HttpResponse:
    """The applicant takes a request back."""
    found, _ = selectors.ask_for(user_of(request), ask_id)
    services.withdraw_ask(actor=actor_of(request), ask=found)
    return redirect("provenance:ask", ask_id=found.pk)


@login_required
def grants(request: HttpRequest) -> HttpResponse:
    """Grants given by this user's parties, and those given to the user."""
    user = user_of(request)
    policy = current_policy()
    theirs = set(Party.spoken_for_by(user.pk).values_list("pk", flat=True))
    rows = [
        {
            "grant": grant,
            "by_link": grant.given_by_id is None and grant.assigner_id in theirs,
            "may_revoke": grant.revocable and selectors.may_revoke(user.pk, grant),
            "not_counted": private.not_counted([grant], policy),
        }
        for grant in selectors.grants_of(user)
    ]
    return render(request, "provenance/grants.html", {"rows": rows, "form": ReasonForm()})


@login_required
@require_POST
def grant_revoke(request: HttpRequest, grant_id: str) -> HttpResponse:
    """Take a permission back, with a reason."""
    grant, _ = selectors.grant_for(user_of(request), grant_id)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    touched = services.revoke_grant(actor=actor_of(request), grant=grant, reason=reason)
    told = f"Withdrawn. {len(touched)} decisions that rested on it are made anew."
    messages.success(request, told)
    return redirect("provenance:grants")
