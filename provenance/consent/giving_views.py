"""Pages for those who permit something unasked, and for creators' choice of credit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render

from accounts.errors import RefusedError
from accounts.requests import actor_of, user_of
from provenance.consent import selectors, services
from provenance.consent.giving_forms import CreditForm, PresetForm
from provenance.consent.presets import PRESETS
from provenance.consent.rules import DELETE, after_end_sentence

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_required
def grant_new(request: HttpRequest) -> HttpResponse:
    """Choose a permission in plain words, fill in its blanks, give it to anyone."""
    preset = PRESETS.get(request.GET.get("preset", ""))
    context = {
        "presets": PRESETS.values(),
        "preset": preset,
        "after_end": after_end_sentence(DELETE, None),
    }
    if preset is None:
        return render(request, "provenance/grant_new.html", context)
    form = PresetForm(request.POST or None, preset=preset, user=user_of(request))
    if request.method == "POST" and form.is_valid() and _give(request, form):
        return redirect("provenance:grants")
    return render(request, "provenance/grant_new.html", context | {"form": form})


def _give(request: HttpRequest, form: PresetForm) -> bool:
    try:
        services.give_grant(
            actor=actor_of(request),
            party=form.cleaned_data["party"],
            terms=form.terms(),
            works=form.chosen(),
        )
    except (RefusedError, PermissionDenied) as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, "Your permission is on record, for anyone. You can withdraw it here.")
    return True


@login_required
def credit(request: HttpRequest) -> HttpResponse:
    """A creator chooses credit: as written, anonymously, or not at all."""
    form = CreditForm(request.POST or None, user=user_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_credit(actor=actor_of(request), **form.cleaned_data)
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Your choice is on record, for every card made from now on.")
            return redirect("provenance:credit")
    choices = selectors.credit_choices_of(user_of(request))
    return render(request, "provenance/credit.html", {"form": form, "choices": choices})
