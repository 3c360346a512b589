"""Forms of the pages on which works are protected and matches are judged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms

from accounts.forms import offer
from provenance.models import Party, TitleLink

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User


class ProtectForm(forms.Form):
    """`marks` is what the browser made of the chosen files; with it no file is sent."""

    holder = forms.ModelChoiceField(
        Party.objects.none(), label="Rights-holder", help_text="A party that you speak for."
    )
    made = forms.BooleanField(
        label="The rights-holder made them",
        required=False,
        help_text="Then they are credited as the creator. Often somebody else made them.",
    )
    by_hash = forms.BooleanField(
        label="Keep my pictures here: send only their fingerprints",
        required=False,
        help_text=(
            "Made in this browser. It finds copies that were re-encoded, resized, turned or "
            "mirrored; to find parts of a picture too, use tools/fingerprint.py or send it."
        ),
    )
    document = forms.FileField(
        label="Document that shows your right",
        required=False,
        help_text=(
            "A contract, a register's entry, a signed statement; PDF, picture, mail or text. "
            "Private: you and the reviewers see it. It can be added later."
        ),
    )
    marks = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        mine = Party.spoken_for_by(user.pk)
        offer(self.fields["holder"], mine)
        self.fields["made"].initial = not mine.exclude(kind=Party.Kind.PERSON).exists()

    def clean_marks(self) -> list[dict[str, Any]]:
        """[{"name", "pdq", "quality"}]; other things are refused."""
        try:
            marks = json.loads(self.cleaned_data["marks"] or "[]")
            return [
                {"name": str(one["name"]), "pdq": str(one["pdq"]), "quality": int(one["quality"])}
                for one in marks
            ]
        except (ValueError, TypeError, KeyError) as error:
            raise forms.ValidationError("The fingerprints did not arrive whole.") from error


class DocumentForm(forms.Form):
    """A document, and the links of titles that it shows; chosen by their works."""

    links = forms.ModelMultipleChoiceField(TitleLink.objects.none(), required=False)
    every = forms.BooleanField(required=False)
    """All that no document was put to: a form takes no more than a thousand boxes."""
    file = forms.FileField()

    def __init__(self, *args: Any, links: QuerySet[TitleLink], **more: Any) -> None:
        super().__init__(*args, **more)
        self.untitled = self.fields["links"].queryset = links  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[TitleLink]:
        every = self.untitled.filter(evidence=None) if self.cleaned_data["every"] else []
        return list({*self.cleaned_data["links"], *every})


class JudgeForm(forms.Form):
    """What a reviewer makes of a match."""

    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), label="What did you see?")
    common = forms.BooleanField(
        required=False,
        label="What they share is a common element",
        help_text="A frame, a template, lettering: from now on it proves nothing by itself.",
    )
