"""The page that answers: would this set be cleared if these parties permitted it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.requests import user_of
from provenance.clearance import rules
from provenance.clearance.rules.whatif import what_if
from provenance.clearance.services import facts_now
from provenance.intake.selectors import plain_use, visible_set
from provenance.models import Level, Party

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


class SuppositionForm(forms.Form):
    """Who would permit it, until when, and on which day one asks."""

    parties = forms.ModelMultipleChoiceField(
        queryset=Party.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="If these permitted it",
        help_text="To train on all that they hold and to give the model to others.",
    )
    not_after = forms.DateField(
        required=False, label="Until", widget=forms.DateInput(attrs={"type": "date"})
    )
    on = forms.DateField(
        required=False, label="On which day", widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, missing: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parties"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = Party.objects.filter(pk__in=set(missing))

    def grants(self, use: rules.Use) -> list[rules.GrantFact]:
        """The permissions that are supposed, as well known as a document makes them."""
        return [
            rules.GrantFact(
                id=f"supposed-{number}",
                assigner=str(party.pk),
                actions=tuple(sorted(use.actions)),
                evidence="supposed",
                not_after=self.cleaned_data["not_after"],
                identity=rules.Known(Level.DOCUMENT_CHECKED),
                given_on=timezone.now().date(),
            )
            for number, party in enumerate(self.cleaned_data["parties"])
        ]


@login_required
@require_GET
def set_what_if(request: HttpRequest, set_id: UUID) -> HttpResponse:
    """Nothing of the question or its answer is recorded."""
    image_set = visible_set(user_of(request), set_id)
    use = plain_use(image_set)
    facts = facts_now(image_set, use)
    now = rules.evaluate(facts, use)
    missing = {party for finding in now.findings for party in finding.missing}
    form = SuppositionForm(request.GET or None, missing=missing)
    then = None
    if form.is_valid():
        then = what_if(facts, use, form.grants(use), on=form.cleaned_data["on"])
    left = [f for f in then.findings if not f.resolved and f.severity != "info"] if then else []
    context = {"set": image_set, "form": form, "now": now, "then": then, "left": left}
    return render(request, "provenance/what_if.html", context)
