"""The decision against the size of the set: CPU seconds, and the ratio to ten times fewer."""

from __future__ import annotations

import time
from datetime import date

from provenance.clearance.rules import (
    Facts,
    GrantFact,
    Known,
    LinkFact,
    PartyFact,
    PictureFact,
    SaidFact,
    Use,
    WorkFact,
    evaluate,
)

PARTIES = 200
CHECKED = Known.DOCUMENT_CHECKED


def facts_of(pictures: int) -> Facts:
    """A set where every second picture's holder has granted, and the others have not."""
    parties = tuple(PartyFact(f"p{n}", f"Party {n}") for n in range(PARTIES))
    works = tuple(
        WorkFact(f"w{n}", f"Work {n}", links=(LinkFact(f"p{n % PARTIES}", CHECKED),))
        for n in range(pictures)
    )
    shown = tuple(
        PictureFact(
            f"i{n}",
            f"{n}.png",
            "00",
            f"w{n}",
            screened=True,
            custody=True,
            persons="none",
            said=SaidFact(read=True),
        )
        for n in range(pictures)
    )
    grants = tuple(
        GrantFact(f"g{n}", f"p{n}", ("train",), identity=CHECKED) for n in range(0, PARTIES, 2)
    )
    return Facts(date(2026, 11, 1), shown, works, parties, grants)


def main() -> None:
    """Print one line a size."""
    use, before = Use("someone", ("train",), "a benchmark"), 0.0
    for pictures in (1_000, 10_000, 100_000):
        facts = facts_of(pictures)
        start = time.process_time()
        verdict = evaluate(facts, use)
        spent = time.process_time() - start
        ratio = f", {spent / before:.1f} times the one before" if before else ""
        print(f"{pictures:>6} pictures: {spent:.3f} s of CPU, {verdict.outcome}{ratio}")
        before = spent


if __name__ == "__main__":
    main()
