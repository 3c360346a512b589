from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.screening.fingerprints import TRANSFORMS, VERSION, Fingerprint, fingerprint
from provenance.screening.search import Index, Row
from tests.provenance.intake.pictures import scene
from tests.provenance.screening.test_fingerprints import TURNS


def near(bits: int, origin: st.SearchStrategy[int] = st.just(0)) -> st.SearchStrategy[int]:  # noqa: B008
    """Codes at every distance from zero, not only the half-way ones chance would give."""
    return st.sets(st.integers(0, bits - 1)).map(lambda ones: sum(1 << one for one in ones))


CODES = st.tuples(near(256), near(64))
PRINTS = st.lists(CODES, min_size=8, max_size=8)


def made(codes):
    pdqs = tuple(f"{pdq:064x}" for pdq, _ in codes)
    phashes = tuple(f"{phash:016x}" for _, phash in codes)
    return Fingerprint(VERSION, pdqs[0], 90, phashes[0], pdqs, phashes)


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
