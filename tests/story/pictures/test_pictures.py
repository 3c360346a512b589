from hashlib import sha256
from io import BytesIO
from itertools import combinations

import numpy as np
import pdqhash
import pytest
from PIL import Image

from story.pictures.commons import CommonsPicture, commons
from story.pictures.copies import stranger_copies
from story.pictures.portfolio import Illustration, portfolio


@pytest.fixture(scope="module")
def drawn() -> list[Illustration]:
    return portfolio()


@pytest.fixture(scope="module")
def printed() -> list[CommonsPicture]:
    return commons()


def digests(pictures) -> list[str]:
    return [sha256(picture.image.tobytes()).hexdigest() for picture in pictures]


def pdq(image):
    pixels = np.asarray(image.convert("RGB").resize((512, 512), Image.Resampling.BILINEAR))
    variants, quality = pdqhash.compute_dihedral(pixels)
    return [np.array(variant) > 0 for variant in variants], quality


def distance(one, other) -> int:
    return min(int(np.count_nonzero(one[0] != turned)) for turned in other)


def test_the_portfolio_is_the_same_in_every_run(drawn):
    assert digests(portfolio()) == digests(drawn)


def test_the_commons_are_the_same_in_every_run(printed):
    assert digests(commons()) == digests(printed)


def test_there_are_32_of_each_with_titles_and_slugs_of_their_own(drawn, printed):
    assert len(drawn) == len(printed) == 32
    assert len({item.slug for item in [*drawn, *printed]}) == 64
    assert len({item.title for item in [*drawn, *printed]}) == 64


def test_every_picture_is_rgb_and_640_to_768_pixels_a_side(drawn, printed):
    for item in [*drawn, *printed]:
        assert item.image.mode == "RGB"
        assert all(640 <= side <= 768 for side in item.image.size), item.title


def test_no_picture_is_flat_and_no_two_match_however_turned(drawn, printed):
    hashes = [(item.title, *pdq(item.image)) for item in [*drawn, *printed]]
    assert [title for title, _, quality in hashes if quality < 80] == []
    near = [(a[0], b[0]) for a, b in combinations(hashes, 2) if distance(a[1], b[1]) <= 60]
    assert near == []


def test_the_commons_carry_a_licence_a_credit_and_an_address(printed):
    assert {item.licence for item in printed} == {"CC0-1.0", "CC-BY-4.0"}
    assert len({item.creator for item in printed}) == 4
    for item in printed:
        assert item.creator in item.credit_line
        assert item.source_url.startswith("https://archive.example/")


def test_the_stranger_has_one_renamed_readable_file_a_picture(drawn):
    copies = stranger_copies(drawn)
    assert [copy.title for copy in copies] == [item.title for item in drawn]
    assert len({copy.filename for copy in copies}) == 32
    for copy, item in zip(copies, drawn, strict=True):
        assert item.slug not in copy.filename
        assert Image.open(BytesIO(copy.data)).convert("RGB").size


def test_the_edits_are_fixed_by_place_and_not_by_content(drawn, printed):
    stand_ins = [Illustration(item.title, item.slug, item.image) for item in printed]
    plan = [(copy.filename, copy.edit, copy.expected_found) for copy in stranger_copies(drawn)]
    assert plan == [(c.filename, c.edit, c.expected_found) for c in stranger_copies(stand_ins)]


def test_only_large_crops_and_the_rotation_are_expected_to_be_missed(drawn):
    missed = [copy.edit for copy in stranger_copies(drawn) if not copy.expected_found]
    assert sorted(missed) == [
        "cropped by 10 %",
        "cropped by 12 %",
        "cropped by 15 %",
        "cropped by 20 %",
        "rotated by 7 degrees",
    ]


def test_another_number_of_pictures_than_planned_is_refused(drawn):
    with pytest.raises(ValueError, match="32 edits are planned for 31 pictures"):
        stranger_copies(drawn[:31])
