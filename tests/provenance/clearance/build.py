"""A cleared set of one picture, and what is changed in it to make it fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from provenance.clearance.rules import (
    Facts,
    Finding,
    GrantFact,
    Known,
    LicenceFact,
    LinkFact,
    MatchFact,
    PartyFact,
    PictureFact,
    SaidFact,
    Speaks,
    Use,
    Verdict,
    WorkFact,
    evaluate,
)

TODAY = date(2026, 11, 1)
CHECKED = Known.DOCUMENT_CHECKED
USE = Use(applicant="curator", actions=("train", "distribute-weights"), purpose="a demo")
PARTIES = (
    PartyFact("mira", "Mira Example"),
    PartyFact("studio", "Studio Example"),
    PartyFact("press", "Example Press"),
)
CC0 = LicenceFact("CC0-1.0", "mira", Speaks.YES, True, True, CHECKED, CHECKED, "doc", "archive")
CC_BY = replace(CC0, code="CC-BY-4.0", training=Speaks.SILENT)
CC_BY_ND = replace(CC_BY, code="CC-BY-ND-4.0", derivatives=False)
CC_BY_NC = replace(CC_BY, code="CC-BY-NC-4.0", commercial=False)
GRANT = GrantFact(
    "g", "studio", ("train", "distribute-weights"), ("w",), "curator", identity=CHECKED
)
MATCH = MatchFact("w", "match", CHECKED, "It is the same picture, mirrored.")


def work(*holders: str, title: Known = CHECKED, **changes: Any) -> WorkFact:
    """A work that Mira made and `holders` hold."""
    fact = WorkFact(
        "w", "Lighthouse", ("mira",), tuple(LinkFact(party, title, "deed") for party in holders)
    )
    return replace(fact, **changes)


def picture(**changes: Any) -> PictureFact:
    return replace(
        PictureFact(
            "p",
            "IMG_1.jpg",
            "00",
            work="w",
            screened=True,
            custody=True,
            persons="none",
            said=SaidFact(read=True),
        ),
        **changes,
    )


def facts(a_work: WorkFact, a_picture: PictureFact | None = None, **changes: Any) -> Facts:
    pictures = (a_picture or picture(),)
    return replace(Facts(TODAY, pictures, (a_work,), PARTIES), **changes)


def open_findings(verdict: Verdict) -> list[str]:
    return [finding.code for finding in verdict.findings if not finding.resolved]


def only(facts_: Facts, use: Use = USE) -> Finding:
    """The one finding of a verdict."""
    (finding,) = evaluate(facts_, use).findings
    return finding
