"""Local features: permutations, edits, strangers, polygons, hostile pictures."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageOps

from provenance.screening.local import Features, LocalIndex, covered, extract
from provenance.screening.local.features import MOST
from provenance.screening.rules import Candidate, judge
from tests.provenance.screening.drawings import drawing, pasted

WORKS = 150
"""Enough features to make the index leave the exact search."""

EDITS = {
    "none": lambda p: p,
    "half the size": lambda p: p.resize((320, 240)),
    "crop to 30 %": lambda p: p.crop((120, 90, 470, 353)),
    "turned by 30 degrees": lambda p: p.rotate(30, expand=True),
    "in a mirror": ImageOps.mirror,
    "upside down": ImageOps.flip,
    "negative": ImageOps.invert,
    "negative in a mirror": lambda p: ImageOps.mirror(ImageOps.invert(p)),
    "grey": lambda p: p.convert("L").convert("RGB"),
    "pasted at 15 %": pasted,
}


@pytest.fixture(scope="module")
def index() -> LocalIndex:
    return listing(range(WORKS))


def listing(seeds) -> LocalIndex:
    known = {seed: extract(drawing(seed)).kept() for seed in seeds}
    index = LocalIndex(lambda keys: {key: known[key] for key in keys if key in known})
    index.add(known.items())
    return index


def outcome(found) -> str:
    return judge(Candidate(found.key, 256, "none", 90, found.verified, found.variant), 90).outcome


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_work_is_found_and_nothing_else_before_it(index, edit):
    found = index.search(extract(EDITS[edit](drawing(7))))
    assert [one.key for one in found][:1] == [7]
    assert outcome(found[0]) == "match"


@pytest.mark.parametrize("seed", range(1000, 1010))
def test_a_stranger_matches_no_work(index, seed):
    assert all(outcome(one) != "match" for one in index.search(extract(drawing(seed))))


def test_the_whole_query_is_the_part_of_the_work_that_was_cut_out(index):
    found = index.search(extract(drawing(7).crop((160, 120, 480, 360))))[0]
    corners = np.array(found.verified.in_listed)
    assert np.allclose(corners.min(axis=0), (0.25, 0.25), atol=0.1)
    assert np.allclose(corners.max(axis=0), (0.75, 0.75), atol=0.1)


@pytest.mark.parametrize("mirror", [False, True])
def test_the_region_of_the_query_is_where_the_work_was_pasted(index, mirror):
    page = pasted(drawing(7))
    left, right = (0.053, 0.5) if mirror else (0.5, 0.947)
    found = index.search(extract(ImageOps.mirror(page) if mirror else page))[0]
    corners = np.array(found.verified.in_query)
    assert np.allclose(corners.min(axis=0), (left, 0.1), atol=0.08)
    assert np.allclose(corners.max(axis=0), (right, 0.435), atol=0.08)


@pytest.mark.parametrize(
    ("variant", "edit", "place"),
    [
        ("mirror", ImageOps.mirror, lambda p, w: np.float32([w, 0]) + p * np.float32([-1, 1])),
        ("invert", ImageOps.invert, lambda p, _: p),
    ],
)
def test_a_permuted_descriptor_is_that_of_the_edited_picture(variant, edit, place):
    plain, edited = extract(drawing(3)), extract(edit(drawing(3)))
    distances = np.linalg.norm(plain.codes(variant)[:, None] - edited.codes()[None], axis=-1)
    nearest, same = distances.argmin(axis=1), distances.min(axis=1) < 60
    assert same.mean() > 0.75
    apart = place(plain.points[same], plain.width) - edited.points[nearest[same]]
    assert np.median(np.abs(apart)) < 1.5


def test_features_survive_bytes_and_stay_within_their_size():
    whole = extract(drawing(1))
    assert len(whole.kept().to_bytes()) < 25_000
    assert len(whole.to_bytes()) < 60_000
    again = Features.from_bytes(whole.to_bytes())
    assert np.array_equal(again.rows, whole.rows)
    assert (again.width, again.height) == (512, 384)


@pytest.mark.parametrize(
    "change",
    [lambda b: b[:-1], lambda b: b[:5], lambda b: b"X" + b[1:], lambda _: b"", lambda b: b * 9],
)
def test_damaged_features_are_refused(change):
    with pytest.raises(ValueError, match="features"):
        Features.from_bytes(change(extract(drawing(1)).to_bytes()))


@pytest.mark.parametrize("shape", [(1, 1), (1, 10000), (10000, 1), (47, 3), (300, 300)])
@pytest.mark.parametrize("kind", ["flat", "gradient", "noise"])
def test_hostile_pictures_give_few_or_many_features_and_no_match(index, shape, kind):
    pixels = np.zeros((*shape, 3), dtype=np.uint8)
    if kind == "gradient":
        pixels[:] = np.linspace(0, 255, shape[1]).astype(np.uint8)[:, None]
    if kind == "noise":
        pixels = np.random.default_rng(1).integers(0, 255, pixels.shape, dtype=np.uint8)
    found = extract(Image.fromarray(pixels))
    assert len(found) <= MOST
    assert all(outcome(one) != "match" for one in index.search(found))


def test_what_the_caller_no_longer_keeps_is_found_no_more():
    known = {seed: extract(drawing(seed)).kept() for seed in (1, 2)}
    index = LocalIndex(lambda keys: {key: known[key] for key in keys if key in known})
    index.add(known.items())
    assert index.search(extract(drawing(1)))[0].key == 1
    del known[1]
    assert all(one.key != 1 for one in index.search(extract(drawing(1))))


def test_an_empty_index_finds_nothing(index):
    assert listing([]).search(extract(drawing(1))) == []
    assert index.search(extract(Image.new("RGB", (64, 64), "teal"))) == []


def test_a_picture_listed_many_times_is_found_each_time():
    known = {key: extract(drawing(5)).kept() for key in range(40)}
    index = LocalIndex(lambda keys: {key: known[key] for key in keys})
    index.add(known.items())
    found = index.search(extract(drawing(5)))
    assert len(found) > 3
    assert all(outcome(one) == "match" for one in found)


def test_how_much_of_a_match_another_covers(index):
    whole = index.search(extract(drawing(7)))[0].verified
    part = index.search(extract(pasted(drawing(7))))[0].verified
    assert covered(whole, whole) > 0.99
    assert covered(part, whole) > 0.9
    assert covered(whole, part) < 0.3
