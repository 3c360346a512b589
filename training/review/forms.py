"""Forms of the review pages. What is right or wrong is decided by the commands, not here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from accounts.forms import offer
from provenance.consent.rules import PURPOSES
from training.models import Base, Request
from training.review.rules import PACES, Draft
from training.review.selectors import presets, steps_of


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class DraftForm(forms.Form):
    """What the applicant wants to train, in words that the model's card will repeat."""

    base = forms.ModelChoiceField(
        queryset=Base.objects.none(),
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
    captions = forms.CharField(
        required=False,
        widget=_area(4),
        label="Captions of single pictures",
        help_text="One a line, “file name: caption”. Any other picture is trained under the "
        "instance prompt.",
    )
    preset = forms.ChoiceField(
        required=False, label="What is taught", choices=lambda: _choices("about")
    )
    pace = forms.ChoiceField(
        initial="standard",
        choices=[(pace, pace) for pace in PACES],
        help_text="What each gives and costs stands below the form.",
    )
    resource = forms.ChoiceField(
        label="Trained on",
        choices=lambda: [c for c in Request.Resource.choices if c[0] in settings.RUN_RESOURCES],
    )
    steps = forms.IntegerField(
        required=False,
        min_value=1,
        help_text="Left empty: as many as the preset takes, else 500. More remembers the pictures "
        "more.",
    )
    seed = forms.IntegerField(
        initial=0, min_value=0, help_text="The same seed gives the same model on the same machine."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["base"], Base.objects.all())

    def draft(self) -> Draft:
        """What was filled in, for the command to judge."""
        data: dict[str, Any] = dict(self.cleaned_data)
        data["base"] = data["base"].pk
        data["sample_prompts"] = tuple(_lines(data["sample_prompts"]))
        words = data["territories"].replace(",", " ").split()
        data["territories"] = tuple(words)
        data["purposes"] = tuple(data["purposes"])
        pairs = (line.partition(": ") for line in _lines(data["captions"]))
        data["captions"] = {name.strip(): caption.strip() for name, _, caption in pairs}
        data["steps"] = steps_of(data["preset"], data["pace"], data["steps"])
        return Draft(**data)

    @staticmethod
    def initial_of(request: Request) -> dict[str, Any]:
        """The form as it would have been filled in for `request`."""
        values = {name: getattr(request, name) for name in DraftForm.base_fields}
        values["sample_prompts"] = "\n".join(request.sample_prompts)
        said = request.captions.items()
        values["captions"] = "\n".join(f"{name}: {caption}" for name, caption in said)
        values["territories"] = ", ".join(request.territories)
        return values


def _choices(said: str) -> list[tuple[str, str]]:
    known = [(name, f"{name}: {preset[said]}") for name, preset in presets().items()]
    return [("", "only the steps below, no preset"), *known]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
