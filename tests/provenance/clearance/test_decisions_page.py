"""docs/decisions.md is generated from the rules; this fails when the two differ."""

from __future__ import annotations

import os
from pathlib import Path

from provenance.clearance.rules import POLICY_VERSION
from provenance.clearance.rules.sentences import SENTENCES
from provenance.clearance.rules.table import WHEN, decision_table
from tests.provenance.clearance.cases_rights import ALL

PAGE = Path(__file__).parents[3] / "docs" / "decisions.md"
TEXT = f"""# What is found, and what follows

Generated from `provenance/clearance/rules`, version {POLICY_VERSION}; a test fails when this page
differs from it. A set with a block cannot be trained on. A flag waits for a reviewer, who may
clear it with a reason for exactly the evidence that they saw. Words in *asterisks* are filled in.

{decision_table()}
"""


def test_the_page_says_what_the_rules_do() -> None:
    if os.environ.get("IMPRIMATUR_TEST_WRITE_DOCS"):
        PAGE.write_text(TEXT)
    assert PAGE.read_text() == TEXT, (
        "docs/decisions.md is out of date: run this test with IMPRIMATUR_TEST_WRITE_DOCS=1."
    )


def test_each_code_has_its_row_and_each_outcome_of_it_a_case() -> None:
    assert set(WHEN) == set(SENTENCES)
    shown = {(case.code, case.severity) for case in ALL}
    assert shown == {(code, one) for code, (outcomes, _) in WHEN.items() for one in outcomes}
