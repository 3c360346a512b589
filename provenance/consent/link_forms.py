"""Forms of the pages that are opened by a private link."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms

from provenance.consent.forms import AnswerForm
from provenance.models import Action, CreditChoice

if TYPE_CHECKING:
    from provenance.consent.rules import Terms
    from provenance.models import Ask


class LinkAnswerForm(AnswerForm):
    """A party's yes by a private link: what was asked for or less, on its conditions."""

    everything = forms.BooleanField(
        required=False, label="All works that I hold, also those that are not shown here"
    )
    territories = forms.CharField(
        required=False,
        label="Only in these countries",
        help_text="Two-letter codes such as DE, FR. Leave empty for the whole world.",
    )
    name_forms = forms.CharField(
        required=False,
        label="My name, exactly as it may be used",
        help_text="One form a line.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ["works", "everything", "actions", "name_forms", "commercial", "territories"]

    def __init__(self, *args: Any, ask: Ask, **kwargs: Any) -> None:
        super().__init__(*args, ask=ask, **kwargs)
        actions = self.fields["actions"]
        if isinstance(actions, forms.MultipleChoiceField):
            actions.choices = [choice for choice in Action.choices if choice[0] in ask.actions]
        self.fields["works"].required = False
        self.fields["works"].label = "Which of these works"
        if Action.USE_NAME not in ask.actions:
            del self.fields["name_forms"]
        if not ask.works.exists():
            del self.fields["works"], self.fields["everything"]

    def terms(self) -> Terms:
        data = self.cleaned_data
        places = data["territories"].upper().replace(",", " ").split()
        forms_of_name = [line.strip() for line in data.get("name_forms", "").splitlines()]
        return replace(
            super().terms(),
            territories=tuple(dict.fromkeys(places)) or ("world",),
            name_forms=tuple(filter(None, forms_of_name)),
        )


class NoticeForm(forms.Form):
    """What a creator may say: nothing, a credit, an objection."""

    choice = forms.ChoiceField(
        choices=[("", "I do not choose"), *CreditChoice.Choice.choices],
        required=False,
        label="How to credit me",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(required=False, max_length=300, label="My credit, exactly as written")
    objects = forms.BooleanField(required=False, label="I object to this use of my work")
    words = forms.CharField(
        required=False, label="In my words", widget=forms.Textarea(attrs={"rows": 3})
    )
