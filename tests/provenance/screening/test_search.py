from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from provenance.screening.fingerprints import TRANSFORMS, VERSION, Fingerprint, fingerprint
from provenance.screening.rules import screen
from provenance.screening.search import Index, Row, rows_of
from tests.provenance.intake.pictures import scene
from tests.provenance.screening.test_fingerprints import TURNS


def near(bits: int) -> st.SearchStrategy[int]:
    """Codes at every distance from zero, not only the half-way ones chance would give."""
    return st.sets(st.integers(0, bits - 1)).map(lambda ones: sum(1 << one for one in ones))


CODES = st.tuples(near(256), near(64))
PRINTS = st.lists(CODES, min_size=8, max_size=8)


def made(codes):
    pdqs = tuple(f"{pdq:064x}" for pdq, _ in codes)
    phashes = tuple(f"{phash:016x}" for _, phash in codes)
    crops = ("00" * 32,) * 15, ("00" * 8,) * 15  # a query never looks at its own
    return Fingerprint(VERSION, pdqs[0], 90, phashes[0], pdqs, phashes, *crops)


@given(
    rows=st.lists(CODES, max_size=6),
    versions=PRINTS,
    within_pdq=st.integers(0, 256),
    within_phash=st.integers(0, 64),
)
def test_search_finds_what_comparing_one_by_one_finds(rows, versions, within_pdq, within_phash):
    index = Index(
        Row(str(at), f"{pdq:064x}", f"{phash:016x}", 80) for at, (pdq, phash) in enumerate(rows)
    )
    found = index.query(made(versions), within_pdq=within_pdq, within_phash=within_phash)
    expected = {}
    for key, (pdq, phash) in enumerate(rows):
        options = [
            ((pdq ^ p).bit_count(), (phash ^ h).bit_count(), name)
            for name, (p, h) in zip(TRANSFORMS, versions, strict=True)
        ]
        options = [o for o in options if o[0] <= within_pdq or o[1] <= within_phash]
        if options:
            expected[str(key)] = min(options, key=lambda o: o[:2])
    assert {c.key: (c.pdq_distance, c.phash_distance, c.transform) for c in found} == expected
    assert found == sorted(found, key=lambda c: (c.pdq_distance, c.phash_distance, c.key))


@pytest.mark.parametrize("name", TRANSFORMS)
def test_each_turned_or_mirrored_copy_is_found(name):
    original = scene(300, 200)
    copy = original if TURNS[name] is None else original.transpose(TURNS[name])
    prints = fingerprint(original)
    index = Index([Row("work", prints.pdq, prints.phash, prints.quality)])
    (found,) = index.query(fingerprint(copy))
    assert (found.key, found.quality) == ("work", prints.quality)
    assert found.pdq_distance <= 4


def test_an_empty_index_finds_nothing():
    assert Index([]).query(fingerprint(scene())) == []
    assert len(Index([])) == 0


@pytest.mark.parametrize("box", [(15, 10, 300, 200), (0, 0, 285, 190), (9, 0, 300, 194)])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_copy_cropped_by_at_most_5_percent_matches(box, mirrored):
    original = scene(300, 200)
    copy = original.crop(box)
    if mirrored:
        copy = copy.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    prints = fingerprint(copy)
    found = Index(rows_of("work", fingerprint(original))).query(prints)
    assert [candidate.key for candidate in found] == ["work"]
    assert screen(prints.quality, tuple(found)).outcome == "match"


def test_of_the_rows_of_one_picture_only_the_nearest_is_told():
    prints = fingerprint(scene())
    index = Index([*rows_of("work", prints), *rows_of("other", prints)])
    assert len(index) == 32
    assert [(c.key, c.pdq_distance) for c in index.query(prints)] == [("other", 0), ("work", 0)]
