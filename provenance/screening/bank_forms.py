"""Forms of the pages of the banks."""

from __future__ import annotations

from typing import Any

from django import forms

from provenance.models import MatchBank
from provenance.screening.rules import Thresholds

KINDS = [one for one in MatchBank.Kind.choices if one[0] != MatchBank.Kind.PROTECTED]
REASON = forms.Textarea(attrs={"rows": 2})


class BankForm(forms.Form):
    """One more bank."""

    name = forms.CharField(max_length=120, help_text="Where it is from, or what it is for.")
    kind = forms.ChoiceField(choices=KINDS, label="A match in it means")
    reason = forms.CharField(widget=REASON, label="Why")

    def clean_kind(self) -> MatchBank.Kind:
        return MatchBank.Kind(self.cleaned_data["kind"])


class SettingsForm(forms.Form):
    """A bank's own thresholds, and whether what is found in it blocks."""

    match_at = forms.FloatField(
        required=False, min_value=0, max_value=1, label="A match from this score on",
        widget=forms.NumberInput(attrs={"step": "any"}),
    )  # fmt: skip
    possible_at = forms.FloatField(
        required=False, min_value=0, max_value=1, label="A person looks from this score on",
        widget=forms.NumberInput(attrs={"step": "any"}),
    )  # fmt: skip
    blocks = forms.BooleanField(
        required=False,
        label="A match blocks",
        help_text="Else a reviewer looks at it. What may be a match never blocks.",
    )
    reason = forms.CharField(widget=REASON, label="Why")

    def __init__(self, *args: Any, bank: MatchBank, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("match_at", "possible_at"):
            calibrated = getattr(Thresholds(), name)
            self.fields[name].help_text = f"Empty: the calibrated one, {calibrated}."
        self.initial = {name: getattr(bank, name) for name in ("match_at", "possible_at", "blocks")}
        if bank.kind in (MatchBank.Kind.PROTECTED, MatchBank.Kind.NEGATIVE):
            self.fields["blocks"].widget = forms.HiddenInput()


class EntryForm(forms.Form):
    """A picture to list."""

    file = forms.FileField(
        label="Picture", widget=forms.ClearableFileInput(attrs={"accept": "image/*"})
    )
    label = forms.CharField(max_length=200, label="What it is")
    reason = forms.CharField(widget=REASON, label="Why it is listed")
