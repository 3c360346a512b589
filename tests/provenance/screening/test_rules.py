from __future__ import annotations

import pytest
from PIL import Image

from provenance.screening.fingerprints import fingerprint
from provenance.screening.rules import Candidate, Thresholds, judge, screen
from provenance.screening.search import Index, Row

T = Thresholds()


def candidate(pdq=0, phash=0, quality=90, transform="none"):
    return Candidate("work", pdq, phash, transform, quality)


def outcome(**distances):
    return screen(90, (candidate(**distances),)).outcome


def test_a_picture_that_could_not_be_read_is_never_clear():
    assert screen(None, ()).outcome == "unreadable"


def test_a_detailed_picture_near_nothing_is_clear():
    answer = screen(90, ())
    assert (answer.outcome, answer.matches) == ("clear", ())
    assert answer.thresholds == T.version


def test_pdq_within_its_bound_is_a_match_whatever_phash_says():
    assert outcome(pdq=T.pdq_match, phash=64) == "match"
    assert outcome(pdq=T.pdq_match + 1, phash=64) != "match"


def test_two_weak_opinions_that_agree_are_a_match():
    assert outcome(pdq=T.fused_pdq, phash=T.fused_phash) == "match"
    assert outcome(pdq=T.fused_pdq + 1, phash=T.fused_phash) != "match"
    assert outcome(pdq=T.fused_pdq, phash=T.fused_phash + 1) != "match"


def test_pdq_not_far_asks_a_human_whatever_phash_says():
    assert outcome(pdq=T.pdq_possible, phash=64) == "possible"
    assert outcome(pdq=T.pdq_possible + 1, phash=64) == "clear"


def test_agreement_at_a_distance_asks_a_human():
    assert outcome(pdq=T.agree_pdq, phash=T.agree_phash) == "possible"
    assert outcome(pdq=T.agree_pdq + 1, phash=T.agree_phash) == "clear"
    assert outcome(pdq=T.agree_pdq, phash=T.agree_phash + 1) == "clear"


@pytest.mark.parametrize(("mine", "theirs"), [(T.min_quality - 1, 90), (90, T.min_quality - 1)])
def test_codes_of_flat_pictures_never_match(mine, theirs):
    match = judge(candidate(quality=theirs), mine)
    assert (match.outcome, match.method) == ("possible", "low-information")


def test_a_flat_picture_is_never_clear():
    answer = screen(T.min_quality - 1, ())
    assert (answer.outcome, answer.reason) == ("possible", "low_information")
    assert "too little detail to tell" in answer.sentence


def test_flat_pictures_do_not_match_each_other():
    prints = [fingerprint(Image.new("RGB", (64, 64), c)) for c in ("teal", "navy", "white")]
    index = Index(Row(str(at), p.pdq, p.phash, p.quality) for at, p in enumerate(prints))
    for flat in prints:
        assert screen(flat.quality, tuple(index.query(flat))).outcome == "possible"


def test_the_very_same_picture_is_a_match_however_flat():
    answer = screen(0, (Candidate.copy_of("work", 0),))
    assert (answer.outcome, answer.matches[0].score) == ("match", 1.0)


def test_the_surest_match_comes_first_and_decides():
    far = Candidate("far", 60, 30, "none", 90)
    near = Candidate("near", 3, 2, "mirror", 90)
    answer = screen(90, (far, near))
    assert [match.candidate.key for match in answer.matches] == ["near", "far"]
    assert answer.outcome == "match"
    assert "in a mirror" in answer.sentence


def test_a_score_never_contradicts_its_outcome():
    spans = {"clear": [], "possible": [], "match": []}
    for pdq in range(0, 257, 4):
        for phash in range(0, 65, 2):
            match = judge(candidate(pdq=pdq, phash=phash), 90)
            spans[match.outcome].append(match.score)
    assert max(spans["clear"]) <= min(spans["possible"])
    assert max(spans["possible"]) <= min(spans["match"])
    assert all(0 <= score <= 1 for scores in spans.values() for score in scores)
