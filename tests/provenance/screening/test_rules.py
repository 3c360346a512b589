from __future__ import annotations

from dataclasses import replace

import pytest

from provenance.screening.local import Verified
from provenance.screening.rules import Candidate, Thresholds, area, judge, screen

T = Thresholds()
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
PART = ((0.1, 0.1), (0.3, 0.1), (0.3, 0.3), (0.1, 0.3))


def shown(inliers=60, spread=0.9, unlike=0.3, off=0.6, listed=WHOLE):
    return Verified(inliers, 2 * inliers, spread, unlike, off, WHOLE, listed)


def candidate(pdq=256, quality=90, transform="none", **more):
    return Candidate(1, pdq, transform, quality, **more)


def outcome(**more):
    return screen(90, (candidate(**more),)).outcome


def test_a_detailed_picture_near_nothing_is_clear():
    answer = screen(90, ())
    assert (answer.outcome, answer.matches) == ("clear", ())
    assert answer.thresholds == T.version


def test_pdq_within_its_bound_is_a_match():
    assert outcome(pdq=T.pdq_match) == "match"
    assert outcome(pdq=100) == "clear"


def test_many_features_that_lie_the_same_way_are_a_match_and_few_are_not():
    assert outcome(verified=shown(60)) == "match"
    assert outcome(verified=shown(5, spread=0.2, unlike=0.6, off=1.5)) == "clear"


@pytest.mark.parametrize(("mine", "theirs"), [(T.flat_quality - 1, 90), (90, T.flat_quality - 1)])
def test_codes_of_flat_pictures_never_match(mine, theirs):
    match = judge(candidate(pdq=0, quality=theirs), mine)
    assert (match.outcome, match.method) == ("possible", "low-information")
    assert judge(candidate(pdq=0, quality=theirs, verified=shown()), mine).outcome == "match"


@pytest.mark.parametrize(
    ("bits", "outcome"), [(T.flat_match, "match"), (T.flat_match + 1, "possible")]
)
def test_a_picture_of_little_detail_is_a_copy_only_if_nearly_all_bits_agree(bits, outcome):
    assert judge(candidate(pdq=bits, quality=T.flat_quality), 90).outcome == outcome


@pytest.mark.parametrize("little", [{"quality": T.min_quality - 1}, {"features": 3}])
def test_a_picture_with_too_little_in_it_is_never_clear(little):
    answer = screen(little.get("quality", 90), (), features=little.get("features", 300))
    assert (answer.outcome, answer.reason) == ("possible", "low_information")
    assert "too little detail to tell" in answer.sentence


def test_the_very_same_picture_is_a_match_however_flat_or_common():
    same = candidate(pdq=0, quality=0, exact=True, common=1.0)
    answer = screen(0, (same,))
    assert (answer.outcome, answer.matches[0].score) == ("match", 1.0)


def test_what_is_a_common_element_for_the_most_part_proves_nothing():
    assert outcome(verified=shown(), common=0.9) == "clear"
    assert judge(candidate(verified=shown(), common=0.9), 90).outcome == "discounted"
    assert outcome(verified=shown(), common=0.5) == "match"


def test_the_surest_match_comes_first_and_decides():
    far = replace(candidate(verified=shown(8, spread=0.4, unlike=0.6)), key=2)
    near = candidate(pdq=3, transform="mirror")
    answer = screen(90, (far, near))
    assert [match.candidate.key for match in answer.matches] == [1, 2]
    assert answer.outcome == "match"
    assert "mirrored" in answer.sentence


def test_a_banks_own_thresholds_come_before_the_general_ones():
    weak = candidate(verified=shown(14, spread=0.5))
    score = judge(weak, 90).score
    assert judge(replace(weak, match_at=score), 90).outcome == "match"
    assert judge(replace(weak, match_at=1.0, possible_at=1.0), 90).outcome == "clear"


def test_a_score_grows_with_what_speaks_for_it_and_never_contradicts_its_outcome():
    scores = [judge(candidate(verified=shown(n)), 90).score for n in range(5, 200)]
    assert scores == sorted(scores)
    spans = {"clear": [], "possible": [], "match": []}
    for pdq in (0, 20, 31, 32, 60, 128, 256):
        for inliers in (0, 5, 8, 12, 20, 40, 100):
            more = {"verified": shown(inliers)} if inliers else {}
            match = judge(candidate(pdq=pdq, **more), 90)
            spans[match.outcome].append(match.score)
    assert max(spans["clear"]) < min(spans["match"])
    assert all(0 <= score <= 1 for scores in spans.values() for score in scores)


def test_a_sentence_says_what_part_of_the_work_is_shown():
    match = judge(candidate(verified=shown(listed=PART), variant="mirror"), 90)
    assert "a part of a listed one, about 4% of it, mirrored" in match.sentence
    assert match.region == {"image": WHOLE, "listed": PART}
    assert area(PART) == pytest.approx(0.04)
