"""Forms of the consent pages: ask, answer, withdraw."""

from __future__ import annotations

from typing import Any

from django import forms

from provenance.consent.rules import BY_HOLDERS, DELETE, NEEDED_TO_RELEASE, Terms
from provenance.models import Action, Ask, Grant, Work

HOLDER_ACTIONS = [choice for choice in Action.choices if choice[0] in BY_HOLDERS]


class AskForm(forms.Form):
    """What the applicant wants to do, in the words that the party will read."""

    model_name = forms.CharField(
        max_length=120, help_text="A neutral name; a person's name needs that person's consent."
    )
    purpose = forms.CharField(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What the model is for and who will use it.",
    )
    actions = forms.MultipleChoiceField(
        choices=HOLDER_ACTIONS,
        initial=list(NEEDED_TO_RELEASE),
        widget=forms.CheckboxSelectMultiple,
    )
    commercial = forms.BooleanField(required=False, help_text="Somebody may earn money with it.")
    message = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 4}))


class AnswerForm(forms.Form):
    """A party's yes: which works, for what, until when, with which credit line."""

    works = forms.ModelMultipleChoiceField(
        queryset=Work.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    actions = forms.MultipleChoiceField(choices=HOLDER_ACTIONS, widget=forms.CheckboxSelectMultiple)
    commercial = forms.BooleanField(required=False, label="Commercial use is fine too")
    not_after = forms.DateField(
        required=False,
        label="Until",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Leave empty for no end. You can withdraw at any time.",
    )
    after_end = forms.ChoiceField(
        choices=Grant.AfterEnd.choices,
        initial=Grant.AfterEnd.DELETE,
        required=False,
        label="Once it ends, copies that people already have",
    )
    after_end_on = forms.DateField(
        required=False,
        label="If until a date: until when",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    credit_line = forms.CharField(
        max_length=300, required=False, help_text="Exactly as it should stand on the model's card."
    )
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, ask: Ask, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        works = ask.works.all()
        field = self.fields["works"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = works
        self.initial.setdefault("works", list(works))
        self.initial.setdefault("actions", ask.actions)
        self.initial.setdefault("commercial", ask.commercial)

    def terms(self) -> Terms:
        data = self.cleaned_data
        return Terms(
            actions=tuple(data["actions"]),
            commercial=data["commercial"],
            not_after=data["not_after"],
            credit_line=data["credit_line"],
            after_end=data["after_end"] or DELETE,
            after_end_on=data["after_end_on"],
        )


class ReasonForm(forms.Form):
    """A reason, for the record and for those whom it concerns."""

    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))
