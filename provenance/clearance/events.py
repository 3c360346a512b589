"""What the ledger keeps of decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.rules import Event


@dataclass(frozen=True)
class ClearanceEvaluated(Event):
    """A decision was made and registered as the subject's standing."""

    kind: ClassVar[str] = "clearance.evaluated"
    evaluation: str
    outcome: str
    facts: str
    policy: str


@dataclass(frozen=True)
class StandingWentStale(Event):
    """Something that the subject's standing rests on changed; it must be decided anew."""

    kind: ClassVar[str] = "standing.went_stale"
    basis: str
    ref: str


@dataclass(frozen=True)
class StandingQuestioned(Event):
    """A claim without evidence touches it: it is decided anew, and holds meanwhile."""

    kind: ClassVar[str] = "standing.questioned"
    basis: str
    ref: str


@dataclass(frozen=True)
class FindingResolved(Event):
    """A reviewer cleared a flag for exactly this evidence and policy.

    The digest of the evidence, which may be of names, is part of the statement: it can be guessed.
    """

    kind: ClassVar[str] = "finding.resolved"
    resolution: str
    code: str
    picture: str
    how: str
