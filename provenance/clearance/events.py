"""What the ledger keeps of decisions."""

from __future__ import annotations

from ledger.rules import Event


class ClearanceEvaluated(Event, kind="clearance.evaluated"):
    """A decision was made and registered as the subject's standing."""

    evaluation: str
    outcome: str
    facts: str
    policy: str


class StandingWentStale(Event, kind="standing.went_stale"):
    """Something that the subject's standing rests on changed; it must be decided anew."""

    basis: str
    ref: str


class StandingQuestioned(Event, kind="standing.questioned"):
    """A claim without evidence touches it: it is decided anew, and holds meanwhile."""

    basis: str
    ref: str


class FindingResolved(Event, kind="finding.resolved"):
    """A reviewer cleared a flag for exactly this evidence and policy.

    The digest of the evidence, which may be of names, is part of the statement: it can be guessed.
    """

    resolution: str
    code: str
    picture: str
    how: str
