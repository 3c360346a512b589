"""Forms of permitting something unasked, and of choosing how to be credited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q

from provenance.consent.presets import terms_of
from provenance.models import CreditChoice, Party, Work

if TYPE_CHECKING:
    from accounts.models import User
    from provenance.consent.presets import Blank, Preset
    from provenance.consent.rules import Terms


class _ForAParty(forms.Form):
    """Something that one of the parties says for whom `user` speaks."""

    party = forms.ModelChoiceField(queryset=Party.objects.none(), label="Who says so")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Party.spoken_for_by(user.pk)
        self.mine = mine
        party = self.fields["party"]
        if isinstance(party, forms.ModelChoiceField):
            party.queryset = mine
            party.initial = mine.first()


class PresetForm(_ForAParty):
    """The blanks of one permission in plain words, and the works that it is for."""

    def __init__(self, *args: Any, preset: Preset, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.preset = preset
        for blank in preset.blanks:
            self.fields[blank.name] = _field(blank)
        if not preset.of_the_person:
            theirs = Q(title_links__party__in=self.mine, title_links__ended_at=None)
            works = Work.objects.filter(theirs | Q(creators__in=self.mine)).distinct()
            self.fields["works"] = forms.ModelMultipleChoiceField(
                queryset=works,
                required=False,
                label="For which works",
                help_text="Choose none to permit it for everything that you hold, now and later.",
            )

    def terms(self) -> Terms:
        """What it says; InvalidError where a blank cannot be used."""
        names = (blank.name for blank in self.preset.blanks)
        return terms_of(self.preset.key, {name: self.cleaned_data[name] for name in names})

    def works(self) -> list[Work] | None:
        """The chosen works; None: everything. A name has none."""
        if self.preset.of_the_person:
            return []
        return list(self.cleaned_data["works"]) or None


def _field(blank: Blank) -> forms.Field:
    if blank.kind == "date":
        widget = forms.DateInput(attrs={"type": "date"})
        return forms.DateField(label=blank.label, required=blank.required, widget=widget)
    area = forms.Textarea(attrs={"rows": 3}) if blank.kind == "names" else forms.TextInput()
    return forms.CharField(label=blank.label, required=blank.required, widget=area)


class CreditForm(_ForAParty):
    """As written, anonymously, or not at all."""

    choice = forms.ChoiceField(
        choices=CreditChoice.Choice.choices, widget=forms.RadioSelect, label="Credit me"
    )
    text = forms.CharField(
        required=False,
        max_length=300,
        label="As written here",
        help_text="Exactly as it should stand. Leave it empty for the other two.",
    )
    work = forms.ModelChoiceField(
        queryset=Work.objects.none(),
        required=False,
        empty_label="all my works",
        label="For which work",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        work = self.fields["work"]
        if isinstance(work, forms.ModelChoiceField):
            work.queryset = Work.objects.filter(creators__in=self.mine).distinct()
