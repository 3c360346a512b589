"""What if somebody permitted something, or it were a later day: the same decision, asked again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from provenance.clearance.rules import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from provenance.clearance.rules.facts import Facts, GrantFact
    from provenance.clearance.rules.use import Use
    from provenance.clearance.rules.verdict import Verdict


def what_if(
    facts: Facts, use: Use, grants: Iterable[GrantFact], *, on: date | None = None
) -> Verdict:
    """The verdict with `grants` added, on that day. Nothing is recorded."""
    return evaluate(replace(facts, grants=(*facts.grants, *grants), today=on or facts.today), use)
