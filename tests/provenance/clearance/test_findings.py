"""Every finding: what brings it, what clears it, and the two sentences that people read."""

from __future__ import annotations

import pytest

from provenance.clearance.rules import Outcome, evaluate
from provenance.clearance.rules.facts import Known
from provenance.clearance.rules.sentences import LEVELS, SENTENCES, sentences
from tests.provenance.clearance.cases import BLOCK, FLAG, INFO, Case
from tests.provenance.clearance.cases_rights import ALL


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.code}-{case.severity}")
def test_a_finding_comes_with_its_cause_and_goes_with_it(case: Case) -> None:
    (finding,) = evaluate(case.brings, case.use).findings
    assert (finding.code, finding.severity) == (case.code, case.severity)
    assert case.says in finding.explanation
    assert case.remedy in finding.remedy
    cleared = evaluate(case.clears, case.use)
    assert (cleared.findings, cleared.outcome) == ((), Outcome.CLEARED)


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.code}-{case.severity}")
def test_a_severity_gives_its_outcome(case: Case) -> None:
    outcome = {BLOCK: Outcome.BLOCKED, FLAG: Outcome.FLAGGED, INFO: Outcome.CLEARED}
    assert evaluate(case.brings, case.use).outcome == outcome[case.severity]


def test_every_code_has_a_case() -> None:
    assert {case.code for case in ALL} == set(SENTENCES)


@pytest.mark.parametrize("code", SENTENCES)
def test_sentences_accuse_nobody_and_promise_nothing(code: str) -> None:
    text = " ".join(SENTENCES[code]).lower()
    assert not [word for word in ("infring", "legally", "safe", "copyright-free") if word in text]
    assert all(sentence.rstrip("} ").endswith((".", "{how")) for sentence in SENTENCES[code])


def test_a_level_of_evidence_is_told_in_words() -> None:
    assert {level.name for level in Known} == set(LEVELS)
    why, _ = sentences("match_possible", {"work": "A", "level": "SELF_DECLARED"})
    assert "(evidence: self-declared, which nobody has checked)" in why
