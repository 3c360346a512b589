"""Forms of the consent pages: ask, answer, withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from provenance.consent.rules import BY_HOLDERS, DELETE, NEEDED_TO_RELEASE, Terms
from provenance.models import Action, Ask, Grant, Party, StandingAnswer, Work

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    address = forms.EmailField(
        required=False,
        label="An e-mail address of theirs",
        help_text="Used if none better is on record. An answer from there counts as self-declared.",
    )


class AskAllForm(AskForm):
    """The same request to several parties, with an address for each where one is known."""

    def __init__(self, *args: Any, parties: Iterable[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["address"]
        self.names = {f"address-{party.pk}": str(party.pk) for party in parties}
        for party in parties:
            self.fields[f"address-{party.pk}"] = forms.EmailField(
                required=False, label=f"An e-mail address of {party}"
            )

    def request(self) -> dict[str, Any]:
        """What was filled in, as `services.ask_all` takes it."""
        said = {k: v for k, v in self.cleaned_data.items() if k not in self.names}
        return said | {"addresses": {i: self.cleaned_data[k] for k, i in self.names.items()}}


class AnswerForm(forms.Form):
    """A party's yes: which works, for what, until when, with which credit line."""

    works = forms.ModelMultipleChoiceField(
        queryset=Work.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    actions = forms.MultipleChoiceField(
        choices=HOLDER_ACTIONS, widget=forms.CheckboxSelectMultiple, label="They may"
    )
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
        label="Until when, if until a date",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    credit_line = forms.CharField(
        max_length=300, required=False, help_text="Exactly as it should stand on the model's card."
    )
    note = forms.CharField(
        required=False, label="A note to the applicant", widget=forms.Textarea(attrs={"rows": 3})
    )

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


class StandingForm(forms.Form):
    """What a party answers before anybody writes to it."""

    answer = forms.ChoiceField(
        choices=[("none", "ask each time"), *StandingAnswer.Answer.choices],
        widget=forms.RadioSelect,
    )
    agent_name = forms.CharField(
        required=False, max_length=200, label="My agent", help_text="By the name on record here."
    )
    actions = forms.MultipleChoiceField(
        choices=HOLDER_ACTIONS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="On these terms: others may",
    )
    commercial = forms.BooleanField(required=False, label="Commercial use is fine too")
    not_after = forms.DateField(
        required=False, label="Until", widget=forms.DateInput(attrs={"type": "date"})
    )
    credit_line = forms.CharField(max_length=300, required=False)

    def agent(self) -> Party | None:
        """The party named as agent, if that name is on record."""
        named = Party.objects.filter(name=self.cleaned_data["agent_name"].strip())
        return named.order_by("-level", "registered_at").first()

    def terms(self) -> Terms:
        data = self.cleaned_data
        return Terms(
            actions=tuple(data["actions"]),
            commercial=data["commercial"],
            not_after=data["not_after"],
            credit_line=data["credit_line"],
        )
