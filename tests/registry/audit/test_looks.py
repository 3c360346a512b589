"""Samples are screened like any picture, and reduced pictures are kept by their digest."""

from __future__ import annotations

import pytest
from PIL import Image

from provenance.intake.services import take_in
from registry.audit.looks import look_alikes
from registry.audit.reduced import kept_picture
from registry.audit.rules import Outcome
from tests.provenance.records import picture


@pytest.fixture
def files(tmp_path):
    def write(name, seed):
        path = tmp_path / f"{name}.png"
        path.write_bytes(picture(seed))
        return name, path

    return write


@pytest.mark.django_db
def test_a_sample_that_repeats_a_training_picture_is_seen_by_its_looks(files):
    found = look_alikes([files("sample", 1), files("new", 9)], [files("training", 1)])
    assert [(look.sample, look.picture, look.outcome) for look in found] == [
        ("sample", "training", Outcome.FAILED)
    ]


@pytest.mark.django_db
def test_a_mirrored_repetition_is_seen_too(files, tmp_path):
    name, path = files("training", 2)
    mirrored = tmp_path / "mirrored.png"
    with Image.open(path) as whole:
        whole.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(mirrored)
    assert look_alikes([("mirrored", mirrored)], [(name, path)])


def test_a_reduced_picture_is_kept_and_a_damaged_one_made_again(files, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    _, path = files("training", 3)
    first = kept_picture("x", path, "ab12", 32)
    kept = next((tmp_path / "data").rglob("*.rgb"))
    path.rename(path.with_name("moved.png"))
    assert (kept_picture("x", path, "ab12", 32).pixels == first.pixels).all()
    kept.write_bytes(b"short")
    path.with_name("moved.png").rename(path)
    assert (kept_picture("x", path, "ab12", 32).pixels == first.pixels).all()


@pytest.mark.django_db
def test_what_was_kept_of_a_training_picture_is_not_computed_again(files, tmp_path):
    image = take_in(picture(4))
    known = tmp_path / f"{image.normalised_sha256}.png"
    known.write_bytes(b"not read")
    found = look_alikes([files("sample", 4)], [("training", known)])
    assert [(look.picture, look.outcome) for look in found] == [("training", Outcome.FAILED)]
