"""What a decision says: an outcome, and a finding for every reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """Of a picture or a set. "Cannot tell" is flagged, never cleared."""

    CLEARED = "cleared"
    FLAGGED = "flagged"
    BLOCKED = "blocked"


class Severity(StrEnum):
    """Of a finding."""

    INFO = "info"
    FLAG = "flag"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason: a code, what it is about, and two sentences, why and what to do."""

    code: str
    severity: Severity
    subject: str
    """A picture's id, or "set", "name" or "base"."""
    explanation: str
    remedy: str
    missing: tuple[str, ...] = ()
    """Parties whose permission is missing."""
    group: str = ""
    """Like findings share it: same code, licence, source and evidence."""
    evidence_digest: str = ""
    """What a resolution of this finding is bound to."""
    resolved: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for a set: an outcome, every reason, and each picture's own outcome."""

    outcome: Outcome
    findings: tuple[Finding, ...]
    pictures: dict[str, Outcome]
    policy_version: str
