"""Captions of single pictures go from the draft into what is approved, checked for names."""

import json

import pytest
from django.core.exceptions import ValidationError

from accounts.actors import Actor
from tests.training.conftest import approve, make_request, make_set
from training.datasets.rules import Manifest
from training.datasets.services import write_run_folder
from training.models import Manifest as Kept
from training.review import services
from training.review.forms import DraftForm
from training.review.selectors import use_of

CAPTIONS = {"1.png": "a picture of zorblat asleep"}


@pytest.fixture
def captioned(applicant, base):
    return make_request(applicant, make_set(applicant), captions=CAPTIONS)


def test_a_caption_is_in_the_manifest_that_the_trainer_obeys(applicant, reviewer, captioned):
    services.submit(actor=Actor.of(applicant), request=captioned)
    captioned.refresh_from_db()
    run = approve(reviewer, captioned)
    manifest = Manifest.from_bytes((write_run_folder(run) / "manifest.json").read_bytes())
    assert [image.caption for image in manifest.images] == ["", "a picture of zorblat asleep"]
    naming = json.loads(Kept.objects.get().body)["naming"]
    assert ["caption", "a picture of zorblat asleep"] in naming["texts"]


def test_names_in_captions_are_looked_for(captioned):
    assert ("caption", CAPTIONS["1.png"]) in use_of(captioned).texts


@pytest.mark.parametrize(
    ("captions", "sentence"),
    [
        ({"9.png": "x"}, "No picture of the set is called 9.png."),
        ({"1.png": " "}, "Give each caption 1 to 300 characters"),
        ({"1.png": "x" * 301}, "Give each caption 1 to 300 characters"),
    ],
)
def test_a_caption_of_no_picture_or_without_words_is_refused(applicant, base, captions, sentence):
    with pytest.raises(ValidationError) as refused:
        make_request(applicant, make_set(applicant), captions=captions)
    assert sentence in refused.value.message_dict["captions"][0]


def test_the_form_reads_a_caption_a_line_and_shows_it_again(captioned):
    shown = DraftForm.initial_of(captioned)
    assert shown["captions"] == "1.png: a picture of zorblat asleep"
    form = DraftForm(shown | {"base": captioned.base_id})
    assert form.is_valid(), form.errors
    assert form.draft().captions == CAPTIONS
