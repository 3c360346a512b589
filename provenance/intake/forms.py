"""Forms of the pages of sets: what people type, brought into the shape that commands take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from provenance.attribution.rules import Statement, people
from provenance.models import Evidence, Licence, Work

if TYPE_CHECKING:
    from accounts.models import User

SEVERAL = "Several are separated by semicolons."
AS_IS = "leave as it is"
Kind = Evidence.Kind


class SetForm(forms.Form):
    """A set's name."""

    name = forms.CharField(
        max_length=120, label="Name of the set", help_text="What the pictures are, not whose."
    )


class StatementForm(forms.Form):
    """What is stated of pictures. In bulk, what is left empty stays as it is."""

    title = forms.CharField(max_length=300, required=False, label="Title of the work")
    creators = forms.CharField(required=False, label="Who made it", help_text=SEVERAL)
    holders = forms.CharField(
        required=False,
        label="Who holds the rights",
        help_text="Often not who made it: whoever commissioned or published it. " + SEVERAL,
    )
    licence = forms.ChoiceField(required=False, help_text="Only if the holder offers it to all.")
    credit_line = forms.CharField(max_length=300, required=False)
    source_url = forms.CharField(max_length=500, required=False, label="Where this copy is from")
    collector = forms.CharField(max_length=200, required=False, label="Who collected this copy")
    evidence = forms.ChoiceField(required=False, help_text="A document you uploaded before.")
    reference = forms.CharField(
        max_length=200, required=False, label="The holder's own name for it"
    )
    made_by = forms.ChoiceField(required=False, label="How it was made")

    def __init__(self, *args: Any, user: User, bulk: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = AS_IS if bulk else "none"
        mine = Evidence.objects.filter(submitted_by=user)
        self._choices("licence", none, [(str(x), f"{x} — {x.name}") for x in Licence.objects.all()])
        self._choices("evidence", none, [(str(e.pk), e.title) for e in mine])
        self._choices("made_by", AS_IS if bulk else "", list(Work.Source.choices))
        if bulk:
            del self.fields["title"], self.fields["reference"]
        else:
            self.fields["made_by"] = forms.ChoiceField(
                choices=Work.Source.choices, label="How it was made"
            )

    def _choices(self, name: str, none: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", none), *choices]

    @staticmethod
    def initial_of(stated: Statement) -> dict[str, Any]:
        """A statement as the form shows it."""
        shown = dict(vars(stated))
        return shown | {n: "; ".join(shown[n]) for n in ("creators", "holders")}

    def changes(self, *, only_filled: bool) -> dict[str, Any]:
        """The fields as `attribution.services.declare` takes them."""
        data = {
            name: people(text) if name in ("creators", "holders") else text
            for name, text in self.cleaned_data.items()
        }
        return {name: value for name, value in data.items() if value or not only_filled}


class EvidenceForm(forms.Form):
    """A document that shows who permitted something and why they may."""

    title = forms.CharField(max_length=200, label="What it is")
    kind = forms.ChoiceField(
        choices=[(k.value, k.label) for k in (Kind.FILE, Kind.MAIL, Kind.LINK)],
        required=False,
        label="Kind",
    )
    file = forms.FileField(help_text="PDF, PNG, JPEG, a mail (.eml) or plain text; 20 MB.")
    source_url = forms.CharField(
        max_length=500,
        required=False,
        label="Address of the page",
        help_text="For a captured page.",
    )
    captured_on = forms.DateField(
        required=False,
        label="Captured on",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="For a captured page.",
    )
