"""Forms of the pages of sets: what people type, brought into the shape that commands take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from provenance.attribution.rules import Shown, Statement, people
from provenance.attribution.table import MINOR, shown
from provenance.models import Evidence, Licence, SetImage, Work

if TYPE_CHECKING:
    from accounts.models import User

SEVERAL = "Several are separated by semicolons."
AS_IS = "leave as it is"
PERSONS = [(c, n) for c, n in SetImage.Persons.choices if c != SetImage.Persons.UNDECLARED]
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
    persons = forms.ChoiceField(
        required=False,
        label="Who can be recognised in it",
        help_text="You say so; nothing here looks for faces.",
    )
    persons_shown = forms.CharField(
        required=False,
        label="Who they are",
        help_text=f"{SEVERAL} Write {MINOR} after the name of a child, ? for somebody unknown.",
    )
    warranted = forms.BooleanField(
        required=False, label="I vouch for what I state of where this copy is from"
    )

    def __init__(self, *args: Any, user: User, bulk: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = AS_IS if bulk else "none"
        mine = Evidence.objects.filter(submitted_by=user)
        self._choices("licence", none, [(str(x), f"{x} — {x.name}") for x in Licence.objects.all()])
        self._choices("evidence", none, [(str(e.pk), e.title) for e in mine])
        self._choices("made_by", AS_IS if bulk else "", list(Work.Source.choices))
        self._choices("persons", AS_IS if bulk else "not stated", PERSONS)
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
        filled = dict(vars(stated))
        filled |= {n: "; ".join(filled[n]) for n in ("creators", "holders")}
        filled["persons_shown"] = "; ".join(_written(one) for one in stated.persons_shown)
        return filled

    def changes(self, *, only_filled: bool) -> dict[str, Any]:
        """The fields as `attribution.services.declare` takes them."""
        data: dict[str, Any] = {
            name: people(text) if name in ("creators", "holders") else text
            for name, text in self.cleaned_data.items()
        }
        data["persons_shown"] = shown(data["persons_shown"])
        if not data["persons"]:  # names alone say that somebody can be recognised
            data["persons"] = SetImage.Persons.UNDECLARED.value
            if only_filled or data["persons_shown"]:
                del data["persons"]
        return {name: value for name, value in data.items() if value or not only_filled}


class CustodyForm(forms.Form):
    """A hand through which a copy went before it came here."""

    who = forms.CharField(max_length=200, label="Who handed it over")
    on = forms.DateField(
        required=False, label="When", widget=forms.DateInput(attrs={"type": "date"})
    )
    source_url = forms.URLField(
        max_length=500, required=False, label="Where it was", assume_scheme="https"
    )
    note = forms.CharField(max_length=300, required=False, label="Anything else")


def _written(person: Shown) -> str:
    return f"{person.name or '?'} {MINOR}" if person.minor else person.name or "?"


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
