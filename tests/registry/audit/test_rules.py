import numpy as np
import pytest

from registry.audit.rules import (
    DEFAULT_THRESHOLDS,
    AuditRefusedError,
    Outcome,
    Picture,
    Thresholds,
    at_side,
    audit,
    with_looks,
)


def scene(seed, side=32):
    """A drawing of four coloured bands and a block, unlike any other seed's."""
    rng = np.random.default_rng(seed)
    pixels = np.repeat(rng.integers(0, 256, (4, 1, 3)), side // 4, axis=0).repeat(side, axis=1)
    x, y = rng.integers(0, side // 2, 2)
    pixels[y : y + side // 2, x : x + side // 2] = rng.integers(0, 256, 3)
    return pixels.astype(np.uint8)


def pictures(name, seeds):
    return tuple(Picture(f"{name}{seed}", scene(seed)) for seed in seeds)


KNOWN = pictures("known", range(32))


def noisy(pixels, deviation):
    noise = np.random.default_rng(0).normal(0, deviation, pixels.shape)
    return np.clip(pixels + noise, 0, 255).astype(np.uint8)


def test_new_pictures_pass():
    result = audit(pictures("sample", range(100, 116)), KNOWN)
    assert result.outcome is Outcome.PASSED
    assert all(pair.score > DEFAULT_THRESHOLDS.flag for pair in result.pairs)


def test_a_copy_fails_and_is_named_with_a_remedy():
    copy = Picture("copy", noisy(KNOWN[5].pixels, 15))
    result = audit((*pictures("sample", range(100, 108)), copy), KNOWN)
    assert result.outcome is Outcome.FAILED
    assert (result.pairs[0].sample, result.pairs[0].picture) == ("copy", "known5")
    assert "copy" in result.explanation
    assert "fewer steps" in result.remedy


def test_a_score_between_the_thresholds_is_flagged_for_a_person():
    sample = Picture("near", noisy(KNOWN[5].pixels, 15))
    score = audit((sample,), KNOWN).pairs[0].score
    result = audit((sample,), KNOWN, Thresholds(flag=score + 0.01, fail=score - 0.01))
    assert result.outcome is Outcome.FLAGGED
    assert "Look" in result.remedy


def test_a_copy_fails_even_when_its_original_is_all_that_is_known():
    twins = (KNOWN[5], Picture("protected", KNOWN[5].pixels))
    assert audit((KNOWN[5],), KNOWN[5:6]).outcome is Outcome.FAILED
    assert audit((KNOWN[5],), twins).outcome is Outcome.FAILED


def test_one_differing_tile_is_enough_to_tell_pictures_on_plain_ground_apart():
    plain = np.full((32, 32, 3), 240, np.uint8)
    other = plain.copy()
    other[8:16, 8:16] = (10, 30, 60)
    result = audit((Picture("sample", other),), (Picture("plain", plain),))
    assert result.outcome is Outcome.PASSED


def test_nothing_to_compare_is_never_a_pass():
    with pytest.raises(AuditRefusedError):
        audit((), KNOWN)
    with pytest.raises(AuditRefusedError):
        audit(KNOWN, ())


def test_pictures_of_different_sizes_are_refused():
    with pytest.raises(AuditRefusedError, match="at_side"):
        audit((Picture("large", scene(1, 64)),), KNOWN)


def test_pictures_too_small_for_tiles_are_refused():
    dot = Picture("dot", np.zeros((2, 2, 3), np.uint8))
    with pytest.raises(AuditRefusedError, match="square"):
        audit((dot,), (dot,))


def test_reducing_keeps_the_centre_and_the_mean():
    wide = np.zeros((64, 96, 3), np.uint8)
    wide[:, 16:80] = 200
    assert (at_side(wide, 32) == 200).all()
    assert at_side(scene(3, 64), 32).mean() == pytest.approx(scene(3, 64).mean(), abs=0.5)


def test_blocks_of_known_pictures_give_the_answer_of_all_at_once(monkeypatch):
    samples = pictures("sample", range(100, 104))
    whole = audit(samples, KNOWN)
    monkeypatch.setattr("registry.audit.rules.BLOCK", 5)
    parts = audit(samples, iter(KNOWN))
    assert [(p.sample, p.picture) for p in parts.pairs] == [
        (p.sample, p.picture) for p in whole.pairs
    ]
    assert parts.pairs[0].score == pytest.approx(whole.pairs[0].score, abs=1e-3)


def test_what_screening_finds_makes_the_verdict_worse_and_never_better():
    passed = audit(pictures("sample", range(100, 104)), KNOWN)
    assert with_looks(passed, []) == passed
    flagged = with_looks(passed, [(Outcome.FLAGGED, "sample100")])
    assert flagged.outcome is Outcome.FLAGGED
    failed = with_looks(flagged, [(Outcome.FLAGGED, "a"), (Outcome.FAILED, "sample101")])
    assert failed.outcome is Outcome.FAILED
    assert "sample101" in failed.explanation
    assert with_looks(failed, [(Outcome.FLAGGED, "a")]) == failed
