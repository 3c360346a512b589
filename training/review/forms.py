"""Forms of the review pages. What is right or wrong is decided by the commands, not here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from provenance.consent.rules import PURPOSES
from training.models import Base
from training.review.rules import Draft

if TYPE_CHECKING:
    from training.models import Request


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class DraftForm(forms.Form):
    """What the applicant wants to train, in words that the model's card will repeat."""

    base = forms.ModelChoiceField(
        queryset=Base.objects.all(),
        help_text="The model that is trained further. Its own provenance stands on every card.",
    )
    model_name = forms.CharField(
        label="Name of the model",
        help_text="A neutral name: letters, digits, “-”, “_” and “.”. A person's name, a pen name "
        "or a brand needs that person's own consent.",
    )
    token = forms.CharField(
        help_text="One made-up word, such as “zorblat”, that stands for your subject in prompts. "
        "People will type it, so it must be nobody's name.",
    )
    instance_prompt = forms.CharField(
        label="Prompt for your pictures",
        help_text="Describes your pictures with the token in it: “a picture of zorblat”.",
    )
    class_prompt = forms.CharField(
        label="Prompt for the class",
        help_text="The same kind of picture without the token: “a picture”. The base draws some, "
        "so that it does not forget what it knew.",
    )
    sample_prompts = forms.CharField(
        widget=_area(3), help_text="One a line, at most 8. They are drawn when training is done."
    )
    purpose = forms.CharField(
        widget=_area(3),
        help_text="What the model is for. The rights-holders' permissions are "
        "checked against it, and the card repeats it.",
    )
    purposes = forms.MultipleChoiceField(
        required=False,
        choices=[(kind, kind) for kind in PURPOSES],
        widget=forms.CheckboxSelectMultiple,
        label="Kinds of purpose",
        help_text="Some permissions are for certain kinds only; tick all that apply.",
    )
    commercial = forms.BooleanField(
        required=False, help_text="Somebody may earn money with what it makes."
    )
    gated = forms.BooleanField(
        required=False, help_text="Only people who accept the terms may download it."
    )
    territories = forms.CharField(
        initial="world", help_text="“world”, or two-letter country codes: “DE, FR”."
    )
    steps = forms.IntegerField(
        initial=500, min_value=1, help_text="500 is a good start; more remembers the pictures more."
    )
    seed = forms.IntegerField(
        initial=0, min_value=0, help_text="The same seed gives the same model on the same machine."
    )

    def draft(self) -> Draft:
        """What was filled in, for the command to judge."""
        data: dict[str, Any] = dict(self.cleaned_data)
        data["base"] = data["base"].pk
        data["sample_prompts"] = tuple(_lines(data["sample_prompts"]))
        words = data["territories"].replace(",", " ").split()
        data["territories"] = tuple(words)
        data["purposes"] = tuple(data["purposes"])
        return Draft(**data)

    @staticmethod
    def initial_of(request: Request) -> dict[str, Any]:
        """The form as it would have been filled in for `request`."""
        values = {name: getattr(request, name) for name in DraftForm.base_fields}
        values["sample_prompts"] = "\n".join(request.sample_prompts)
        values["territories"] = ", ".join(request.territories)
        return values


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class ReasonForm(forms.Form):
    """A reason, for the record."""

    reason = forms.CharField(widget=_area(2), required=False)
