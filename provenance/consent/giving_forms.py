"""Forms of permitting something unasked, and of choosing how to be credited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from accounts.forms import offer
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
        self.mine = Party.spoken_for_by(user.pk)
        offer(self.fields["party"], self.mine)
        self.works = Work.of(self.mine)
        """What those parties hold or made."""


class PresetForm(_ForAParty):
    """The blanks of one permission in plain words, and the works that it is for."""

    def __init__(self, *args: Any, preset: Preset, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.preset = preset
        for blank in preset.blanks:
            self.fields[blank.name] = _field(blank)
        if not preset.of_the_person:
            self.fields["works"] = forms.ModelMultipleChoiceField(
                queryset=self.works,
                required=False,
                label="For which works",
                help_text="Choose none to permit it for everything that you hold, now and later.",
            )

    def terms(self) -> Terms:
        """What it says; InvalidError where a blank cannot be used."""
        names = (blank.name for blank in self.preset.blanks)
        return terms_of(self.preset.key, {name: self.cleaned_data[name] for name in names})

    def chosen(self) -> list[Work] | None:
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


class ReservationForm(_ForAParty):
    """A prohibition: of a work, of what lies at an address, or of all that the party holds."""

    work = forms.ModelChoiceField(
        queryset=Work.objects.none(),
        required=False,
        empty_label="everything that it holds or made",
        label="For which work",
    )
    url_prefix = forms.CharField(
        required=False,
        max_length=500,
        label="Or for all that lies under this address",
        help_text="Such as https://example.org/gallery/. It blocks once the domain is proved to be "
        "the party's, on the party's page; until then a reviewer looks.",
    )
    stated_on = forms.DateField(
        required=False,
        label="Said before, on which day",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    statement = forms.CharField(
        required=False, label="In your words", widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        work = self.fields["work"]
        if isinstance(work, forms.ModelChoiceField):
            work.queryset = self.works


class ListForm(_ForAParty):
    """Prohibitions from a CSV."""

    file = forms.FileField(
        label="CSV file",
        help_text="One line a prohibition. Columns: work or reference or url_prefix, and if you "
        "like statement and stated_on (2030-12-31).",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


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
