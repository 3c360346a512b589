"""Forms of a party's page: what its members, and those who say they are, can do there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from provenance.attribution.delegation import Scope
from provenance.attribution.parties import find_party
from provenance.models import Action, Contact, Delegation, Evidence, Party, PartyName

if TYPE_CHECKING:
    from accounts.models import User


class PartyForm(forms.Form):
    """Whose pictures a new user brings."""

    kind = forms.ChoiceField(choices=Party.Kind.choices)
    name = forms.CharField(max_length=200)


class NameForm(forms.Form):
    """Another name of the party."""

    text = forms.CharField(max_length=200, label="Another name")
    kind = forms.ChoiceField(choices=PartyName.Kind.choices, label="What it is")


class ContactForm(forms.Form):
    """An address of the party."""

    kind = forms.ChoiceField(choices=Contact.Kind.choices, label="Kind of address")
    value = forms.CharField(
        max_length=254, label="Address", help_text="The party's own; nobody else is shown it."
    )


class DelegationForm(forms.Form):
    """Who decides for the party, and about what."""

    agent = forms.CharField(max_length=200, label="Who decides", help_text="Their name on record.")
    role = forms.ChoiceField(choices=Delegation.Role.choices, label="As its")
    actions = forms.MultipleChoiceField(
        choices=Action.choices, widget=forms.CheckboxSelectMultiple, label="They may permit to"
    )
    territories = forms.CharField(
        initial="world", label="Where", help_text="“world”, or countries' two letters with commas."
    )
    starts = forms.DateField(
        required=False, label="From", widget=forms.DateInput(attrs={"type": "date"})
    )
    ends = forms.DateField(
        required=False, label="Until", widget=forms.DateInput(attrs={"type": "date"})
    )
    evidence = forms.ChoiceField(required=False, help_text="A document you uploaded before.")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Evidence.objects.filter(submitted_by=user)
        field = self.fields["evidence"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "none"), *((str(e.pk), e.title) for e in mine)]

    def clean_agent(self) -> Party:
        found = find_party(self.cleaned_data["agent"].strip())
        if found is None:
            raise forms.ValidationError("Nobody of this name is on record here.")
        return found

    def scope(self) -> Scope:
        """The scope as the command takes it."""
        data = self.cleaned_data
        where = tuple(part.strip() for part in data["territories"].split(",") if part.strip())
        return Scope(tuple(data["actions"]), where, data["starts"], data["ends"])
