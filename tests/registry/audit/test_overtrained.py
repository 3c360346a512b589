"""The audit on real runs: an over-trained model is caught, a normal one passes. Minutes of CPU."""

from __future__ import annotations

import pytest

from registry.audit.rules import Outcome, audit
from tests.registry.audit import runs

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return runs.build_base(tmp_path_factory.mktemp("base") / "tiny")


@pytest.mark.parametrize(
    ("count", "tuning", "outcome"),
    [(4, runs.OVERTRAINED, Outcome.FAILED), (32, runs.NORMAL, Outcome.PASSED)],
    ids=["many steps on four pictures", "a normal run"],
)
def test_a_model_that_repeats_its_pictures_fails_and_one_that_does_not_passes(
    tmp_path, base, count, tuning, outcome
):
    samples, known = runs.known_and_samples(runs.train(tmp_path, base, count=count, **tuning))
    found = audit(samples, known)
    assert found.outcome is outcome, [pair.score for pair in found.pairs[:5]]
