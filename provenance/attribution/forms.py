"""Forms of a work's page: what people type, brought into the shape that commands take."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.forms import offer
from provenance.attribution.chain import Stated, as_rule, links_of
from provenance.attribution.links import ACTIONS, ALL, sentence
from provenance.attribution.places import WORLD
from provenance.models import (
    Action,
    Evidence,
    Identifier,
    Layer,
    Party,
    Protection,
    TerritoryStatus,
    TitleLink,
    Work,
)

WORDS = dict(Action.choices)
HOLDERS = [(name, f"{WORDS[name]} ({name})") for name in ACTIONS]
WHERE = "“world”, or two-letter country codes such as DE, separated by blanks."


def day(**more: Any) -> forms.DateField:
    """A date with the browser's own picker."""
    return forms.DateField(required=False, widget=forms.DateInput({"type": "date"}), **more)


class OfWork(forms.Form):
    """A form about a work, for a user; where it asks for evidence it offers that user's."""

    def __init__(self, *args: Any, work: Work, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"{type(self).__name__.lower()}_%s"
        self.work, self.user = work, user
        mine = Evidence.objects.filter(submitted_by=user)
        self._offer("evidence", [("", "none"), *((str(e.pk), e.title) for e in mine)])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields.get(name)
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class DescriptionForm(OfWork):
    """Title, year, country."""

    title = forms.CharField(max_length=300)
    year = forms.IntegerField(required=False)
    country = forms.CharField(max_length=2, required=False, help_text="Two letters, such as DE.")


class LinkForm(OfWork):
    """One link of the chain of title."""

    kind = forms.ChoiceField(choices=TitleLink.Kind.choices, label="How the rights came")
    party = forms.CharField(max_length=200, required=False, label="To whom")
    grantor = forms.CharField(max_length=200, required=False, label="From whom")
    conveys = forms.MultipleChoiceField(
        required=False,
        choices=[(ALL, "everything"), *HOLDERS],
        widget=forms.CheckboxSelectMultiple,
        label="What it conveys",
        help_text="What you tick in neither list, the contract does not speak of.",
    )
    reserves = forms.MultipleChoiceField(
        required=False,
        choices=HOLDERS,
        widget=forms.CheckboxSelectMultiple,
        label="What the giver kept",
    )
    territories = forms.CharField(required=False, label="Where", help_text=WHERE)
    share = forms.DecimalField(
        required=False, max_digits=6, decimal_places=3, label="Share in per cent"
    )
    starts = day(label="From")
    ends = day(label="Until")
    undoes = forms.ChoiceField(required=False, label="Which link it undoes")
    evidence = forms.ChoiceField(required=False, help_text="A document you uploaded before.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        links = [(str(x.pk), sentence(as_rule(x))) for x in links_of(self.work) if x.grantor_id]
        self._offer("undoes", [("", "none"), *links])

    def clean(self) -> dict[str, Any]:
        """As `chain.add_link` takes it, once every field is well."""
        data = dict(self.cleaned_data)
        if self.errors:
            return data
        data |= {name: tuple(data[name]) for name in ("conveys", "reserves")}
        data["territories"] = tuple(data["territories"].replace(",", " ").split()) or (WORLD,)
        return {"stated": Stated(**data)}


class EndForm(OfWork):
    """A link that is wrong, and why."""

    link = forms.UUIDField()
    reason = forms.CharField(max_length=500)


class DocumentForm(OfWork):
    """A document that shows one link."""

    link = forms.UUIDField()
    file = forms.FileField()


class OffForm(OfWork):
    """A layer or an identifier that is wrong."""

    number = forms.IntegerField()


class LayerForm(OfWork):
    """What else the work shows."""

    kind = forms.ChoiceField(choices=Layer.Kind.choices, label="What kind of thing")
    state = forms.ChoiceField(choices=Layer.State.choices, label="Is one shown")
    title = forms.CharField(max_length=300, required=False, label="What it is called, if known")
    holder = forms.CharField(max_length=200, required=False, label="Who holds the rights in that")


class StatusForm(OfWork):
    """Whether the work is protected in one territory."""

    territory = forms.CharField(max_length=5, help_text="“world”, or a country's two letters.")
    status = forms.ChoiceField(choices=TerritoryStatus.Status.choices)
    reason = forms.CharField(
        max_length=300, required=False, help_text="For example: its maker died in 1926."
    )
    year = forms.IntegerField(required=False, min_value=1, max_value=2200, label="Since which year")
    evidence = forms.ChoiceField(required=False)


class IdentifierForm(OfWork):
    """What others call the work."""

    scheme = forms.ChoiceField(choices=Identifier.Scheme.choices, label="Kind")
    value = forms.CharField(max_length=500, label="Identifier")


class DisputeForm(OfWork):
    """A claim in the name of a party that the user speaks for."""

    party = forms.ModelChoiceField(Party.objects.none(), label="In whose name")
    statement = forms.CharField(widget=forms.Textarea, label="Why the work is theirs")
    evidence = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["party"], Party.spoken_for_by(self.user.pk))


class ClaimForm(DisputeForm):
    """The same about works that the user need not be allowed to see."""

    reference = forms.CharField(
        max_length=200,
        required=False,
        label="Which work",
        help_text="The work's id, a picture's SHA-256, or what the holder calls it.",
    )
    holder = forms.CharField(
        max_length=200,
        required=False,
        label="Who is said to hold it",
        help_text="Needed only with the holder's own name for the work, as credits tell it.",
    )
    protection = forms.ModelChoiceField(
        Protection.objects.none(),
        required=False,
        label="Or all pictures that show your protected work",
    )
    field_order = ("reference", "holder", "protection", "party", "statement", "evidence")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, work=Work(), user=user, **kwargs)
        protection = self.fields["protection"]
        if isinstance(protection, forms.ModelChoiceField):
            own = Protection.objects.filter(holder__in=Party.spoken_for_by(user.pk), ended_at=None)
            protection.queryset = own.select_related("work")

    def clean(self) -> dict[str, Any]:
        """Exactly one way to say which work, and a protection of the very party."""
        data = super().clean() or {}
        one, party = data.get("protection"), data.get("party")
        if bool(one) == bool(data.get("reference")):
            raise forms.ValidationError("Say which work, or choose a protected one.")
        if one and party and one.holder_id != party.pk:
            raise forms.ValidationError(f"That work is not protected for {party}.")
        return data


class ResolutionForm(OfWork):
    """A reviewer's sentence on a dispute."""

    dispute = forms.UUIDField(widget=forms.HiddenInput)
    sentence = forms.CharField(widget=forms.Textarea, label="What decides it")
    evidence = forms.ModelChoiceField(Evidence.objects.all(), label="What shows it")
    losing_link = forms.ChoiceField(required=False, label="A link that is ended by it")
    award = forms.BooleanField(required=False, label="Enter the claimant as a holder")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        links = [(str(x.pk), sentence(as_rule(x))) for x in links_of(self.work)]
        self._offer("losing_link", [("", "none"), *links])
