from __future__ import annotations

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provenance.screening.exact import ExactIndex, IndexBroken, snapshot
from provenance.screening.exact.bands import NARROW, WIDE, Plan, flips

SMALL = Plan(11, 9)
"""As many bands as for millions of codes, few enough keys for a test; 157 bits are in no band."""


def brute(rows, queries, within):
    """rows: pairs of a code's integer and an id."""
    answers = []
    for query in queries:
        nearest = {}
        for code, name in rows:
            distance = (code ^ query).bit_count()
            if distance <= within:
                nearest[name] = min(distance, nearest.get(name, 999))
        answers.append(sorted((d, name) for name, d in nearest.items()))
    return answers


def as_codes(numbers):
    data = b"".join(number.to_bytes(32, "big") for number in numbers)
    return np.frombuffer(data, np.uint8).reshape(-1, 32)


def arrays(rows):
    return as_codes([code for code, _ in rows]), np.array([name for _, name in rows], np.int64)


def built(folder, rows):
    return ExactIndex.build(folder, lambda: arrays(rows))


def told(found):
    return [list(zip(one.distances.tolist(), one.ids.tolist(), strict=True)) for one in found]


def apart(rng, code, distance):
    for bit in rng.choice(256, distance, replace=False):
        code ^= 1 << int(bit)
    return code


def spread(code, distance):
    """As far apart as the bands allow: the differing bits dealt to all bands alike."""
    places = [band * 23 + bit for bit in range(23) for band in range(11)]
    return code ^ sum(1 << (255 - place) for place in places[:distance])


@pytest.fixture(params=["looked up", "too many share a key", "scanned"])
def way(request, monkeypatch):
    """Small sets would only ever be scanned: look up, too, as millions are."""
    monkeypatch.setattr(snapshot, "_LOOK_UP_FROM", 1e9 if request.param == "scanned" else 0.0)
    monkeypatch.setattr(snapshot, "_SCAN_INSTEAD", 0.05 if request.param == "looked up" else 1e9)


@pytest.mark.parametrize("plan", [NARROW, WIDE, SMALL])
@pytest.mark.parametrize("within", [0, 10, 31, 32, 45])
def test_no_distance_within_can_hide_from_all_bands(plan, within):
    looked = flips(plan, within)
    assert len(looked) == plan.bands
    assert sum(most + 1 for most in looked) == within + 1


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("plan", [NARROW, WIDE])
def test_all_at_the_last_distance_and_none_beyond_are_found(plan, monkeypatch, tmp_path):
    monkeypatch.setattr(snapshot, "plan_for", lambda _: plan)
    rng, code = np.random.default_rng(1), int.from_bytes(bytes(range(32)), "big")
    far = [0, 1, 30, 31, 32, 33, 45, 46, 255, 256]
    rows = [(apart(rng, code, d), 1000 * way + d) for d in far for way in range(20)]
    rows += [(spread(code, d), 90_000 + d) for d in range(60)]
    index = built(tmp_path, rows)
    for within in (0, 31, 45):
        assert told(index.search(as_codes([code]), within)) == brute(rows, [code], within)


@st.composite
def histories(draw):
    """Rows and queries that crowd: near a centre, equal in one band, or anywhere."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    centre = int.from_bytes(rng.bytes(32), "big")

    def code():
        kind = draw(st.sampled_from(["same", "near", "edge", "band", "any", "opposite"]))
        if kind == "same":
            return centre
        if kind == "near":
            return apart(rng, centre, draw(st.integers(0, 60)))
        if kind == "edge":
            return spread(centre, draw(st.sampled_from([30, 31, 32, 33, 45, 46])))
        if kind == "band":
            return (centre >> 233 << 233) | int.from_bytes(rng.bytes(29), "big")
        return centre ^ (2**256 - 1) if kind == "opposite" else int.from_bytes(rng.bytes(32), "big")

    def some(most):
        return [(code(), draw(st.integers(0, 9))) for _ in range(draw(st.integers(0, most)))]

    steps = draw(
        st.lists(
            st.one_of(
                st.builds(lambda: ("add", some(6))),
                st.tuples(st.just("delete"), st.lists(st.integers(0, 9), max_size=3)),
                st.just(("compact", None)),
                st.just(("build", None)),
            ),
            max_size=6,
        )
    )
    return some(30), steps, [code() for _ in range(draw(st.integers(0, 9)))]


@pytest.mark.usefixtures("way")
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=histories(), within=st.sampled_from([0, 1, 31, 45]))
@pytest.mark.parametrize("plan", [NARROW, SMALL])
def test_search_finds_what_comparing_one_by_one_finds_through_any_history(plan, history, within):
    rows, steps, queries = history
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshot, "plan_for", lambda _: plan)
        index, rows = built(Path(name), rows), list(rows)
        other = ExactIndex(Path(name))
        for what, about in steps:
            if what == "add":
                index.add(*arrays(about))
                rows += about
            elif what == "delete":
                other.delete(np.array(about, np.int64))
                rows = [row for row in rows if row[1] not in about]
            elif what == "compact":
                index.compact()
            else:
                built(Path(name), rows)
            expected = brute(rows, queries, within)
            assert told(index.search(as_codes(queries), within)) == expected
        expected = brute(rows, queries, within)
        for one in (index, other, ExactIndex(Path(name))):
            assert told(one.search(as_codes(queries), within)) == expected


def test_a_hundred_thousand_copies_of_one_picture_cost_one_comparison(tmp_path):
    rng = np.random.default_rng(3)
    codes = np.repeat(rng.integers(0, 256, (1, 32), np.uint8), 100_000, axis=0)
    others = rng.integers(0, 256, (5_000, 32), np.uint8)
    index = ExactIndex.build(
        tmp_path, lambda: (np.concatenate((others, codes)), np.arange(105_000))
    )
    assert index._state.snapshot._words.shape == (5_001, 4)
    (found,) = index.search(codes[:1])
    assert found.ids.tolist() == list(range(5_000, 105_000))
    index.delete(np.arange(5_000, 104_999))
    (found,) = index.search(codes[:1])
    assert found.ids.tolist() == [104_999]


def test_an_id_that_was_deleted_may_come_back_and_is_told_once_by_its_nearest_code(tmp_path):
    index = built(tmp_path, [(0, 1)])
    index.delete(np.array([1]))
    assert told(index.search(as_codes([0]))) == [[]]
    index.add(*arrays([(7, 1), (1, 1)]))
    assert told(index.search(as_codes([0]))) == [[(1, 1)]]
    index.compact()
    assert told(index.search(as_codes([0]))) == [[(1, 1)]]


def test_what_cannot_be_asked_is_refused(tmp_path):
    index = built(tmp_path, [(1, 1)])
    with pytest.raises(ValueError, match="0 to 45"):
        index.search(as_codes([1]), 46)
    with pytest.raises(ValueError, match="shape"):
        index.search(np.zeros((1, 8), np.uint8))
    with pytest.raises(ValueError, match="1 codes and 2 ids"):
        index.add(as_codes([1]), np.array([1, 2]))
    with pytest.raises(ValueError, match="ids"):
        ExactIndex.build(tmp_path, lambda: (as_codes([1, 2]), np.array([1])))


def test_an_index_says_when_to_compact(tmp_path, monkeypatch):
    monkeypatch.setattr("provenance.screening.exact.index.COMPACT_AFTER", 2)
    index = built(tmp_path, [(1, 1)])
    index.add(as_codes([1, 2]), np.array([1, 2]))
    assert not index.due
    index.delete(np.array([2]))
    assert index.due
    index.compact()
    assert not index.due
    assert len(list(tmp_path.glob("snapshot-*"))) == 1


def cut(path, by=1):
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - by)


def flip(path, *places):
    data = bytearray(path.read_bytes())
    for at in places:
        data[at] ^= 1
    path.write_bytes(data)


def reformat(folder):
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 99}))


def tamper(folder):
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace('"rows": 1', '"rows": 2'))


DAMAGE = {
    "is missing": shutil.rmtree,
    "is of format 99": reformat,
    "manifest whose checksum": tamper,
    "manifest that cannot be read": lambda folder: cut(folder / "manifest.json", 30),
    "lacks its file snapshot-1": lambda folder: (folder / "snapshot-1").unlink(),
    "lacks its file journal-1": lambda folder: (folder / "journal-1").unlink(),
    "snapshot of": lambda folder: cut(folder / "snapshot-1"),
    "cut short": lambda folder: cut(folder / "journal-1"),
    "without a head": lambda folder: flip(folder / "journal-1", 0, 12),
    "journal with a wrong checksum": lambda folder: flip(folder / "journal-1", 50),
}


@pytest.mark.parametrize("why", DAMAGE)
def test_damaged_files_are_refused_with_what_to_do_until_built_again(tmp_path, why):
    folder = tmp_path / "index"
    built(folder, [(1, 1)]).add(as_codes([2]), np.array([2]))
    DAMAGE[why](folder)
    with pytest.raises(IndexBroken, match=f"{why}.*Build it again"):
        ExactIndex(folder)
    index = built(folder, [(1, 7)])
    assert 7 in index.search(as_codes([1]), 0)[0].ids


def test_a_bit_lost_inside_the_snapshot_is_told_by_verify(tmp_path):
    index = built(tmp_path, [(1, 1)])
    index.verify()
    flip(tmp_path / "snapshot-1", 5)
    with pytest.raises(IndexBroken, match="checksum"):
        ExactIndex(tmp_path).verify()
