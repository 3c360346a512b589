"""The decision: facts and a use in, a verdict with every reason out. Pure and total.

Facts are gathered by `selectors` and stored by digest, so that any answer can be explained and
re-run years later. `permission` judges a work, `pictures` a picture, `sentences` says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provenance.clearance.rules.collector import collector_paused
from provenance.clearance.rules.facts import (
    BaseFact,
    DelegationFact,
    Facts,
    GrantFact,
    Known,
    LayerFact,
    LicenceFact,
    LinkFact,
    MatchFact,
    Minimum,
    NameFact,
    PartyFact,
    PersonFact,
    PictureFact,
    Policy,
    ReservationFact,
    ResolutionFact,
    SaidFact,
    SignalFact,
    Speaks,
    StatusFact,
    WorkFact,
)
from provenance.clearance.rules.lookup import Lookup
from provenance.clearance.rules.pictures import judge, judge_exhibit
from provenance.clearance.rules.reasons import Reason
from provenance.clearance.rules.result import conflicts
from provenance.clearance.rules.sentences import sentences
from provenance.clearance.rules.use import WORLD, Use
from provenance.clearance.rules.verdict import Finding, Outcome, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

POLICY_VERSION = "2026-12.3"
"""Grows whenever the same facts could give another answer."""
PARTIES = frozenset({"party", "creators", "grantor", "other"})
"""Words of a reason that tell parties by their ids."""

__all__ = [
    "POLICY_VERSION",
    "WORLD",
    "BaseFact",
    "DelegationFact",
    "Facts",
    "Finding",
    "GrantFact",
    "Known",
    "LayerFact",
    "LicenceFact",
    "LinkFact",
    "MatchFact",
    "Minimum",
    "NameFact",
    "Outcome",
    "PartyFact",
    "PersonFact",
    "PictureFact",
    "Policy",
    "ReservationFact",
    "ResolutionFact",
    "SaidFact",
    "Severity",
    "SignalFact",
    "Speaks",
    "StatusFact",
    "Use",
    "Verdict",
    "WorkFact",
    "evaluate",
]


@collector_paused()
def evaluate(facts: Facts, use: Use) -> Verdict:
    """One verdict for a set and each of its pictures. An empty set is never cleared."""
    look = Lookup(facts, use)
    resolved = {
        (r.code, r.subject, r.evidence_digest)
        for r in facts.resolutions
        if r.policy_version == POLICY_VERSION
    }
    about_pictures = {
        picture.id: [
            _finding(picture.id, reason, look, resolved) for reason in judge(picture, look)
        ]
        for picture in sorted(
            {picture.id: picture for picture in facts.pictures}.values(),
            key=lambda picture: (picture.label, picture.id),
        )
    }
    about_set = [_finding(subject, reason, look, resolved) for subject, reason in _of_set(look)]
    findings = [*about_set, *(f for found in about_pictures.values() for f in found)]
    return Verdict(
        outcome=_outcome(findings),
        findings=tuple(findings),
        pictures={picture: _outcome(found) for picture, found in about_pictures.items()},
        policy_version=POLICY_VERSION,
    )


def _outcome(findings: list[Finding]) -> Outcome:
    open_ones = {finding.severity for finding in findings if not finding.resolved}
    if Severity.BLOCK in open_ones:
        return Outcome.BLOCKED
    return Outcome.FLAGGED if Severity.FLAG in open_ones else Outcome.CLEARED


def _of_set(look: Lookup) -> Iterator[tuple[str, Reason]]:
    facts = look.facts
    if not facts.pictures:
        yield "set", Reason("empty_set", Severity.BLOCK)
    if facts.base is not None and facts.base.cleared != "cleared":
        words = {"base": facts.base.name, "state": facts.base.cleared}
        yield "base", Reason("base_uncleared", facts.policy.uncleared_base, words=words)
    for one, other in conflicts(look):
        words = {"one": one, "other": other}
        yield "set", Reason("licence_incompatible", Severity.BLOCK, words=words)
    for name in sorted(set(facts.names), key=str):
        reason = _of_name(name)
        if reason is not None:
            yield f"name:{name.place}", reason
    for picture in facts.exhibits:
        for reason in judge_exhibit(picture, look):
            yield picture.id, reason


def _of_name(name: NameFact) -> Reason | None:
    words = {"place": name.place, "text": name.matched, "party": name.party or ""}
    if name.consented:
        return None
    if name.party is None:
        return Reason("name_unregistered", Severity.FLAG, words=words)
    if not name.proven:
        return Reason("name_protected", Severity.FLAG, (name.party,), words)
    code = "name_consent_missing" if name.has_consent_for_other_forms else "name_protected"
    return Reason(code, Severity.BLOCK, (name.party,), words)


def _finding(
    subject: str, reason: Reason, look: Lookup, resolved: set[tuple[str, str, str]]
) -> Finding:
    digest = reason.evidence_digest(subject)
    explanation, remedy = _spoken(reason, look)
    return Finding(
        code=reason.code,
        severity=reason.severity,
        subject=subject,
        explanation=explanation,
        remedy=remedy,
        missing=reason.missing,
        group=reason.group,
        evidence_digest=digest,
        resolved=reason.severity is Severity.FLAG and (reason.code, subject, digest) in resolved,
    )


def _spoken(reason: Reason, look: Lookup) -> tuple[str, str]:
    """The sentences, with the names of the parties that its words tell by their ids."""
    words = {
        key: _listed([look.name(party) for party in word.split(",")]) if key in PARTIES else word
        for key, word in reason.words.items()
        if word
    }
    if reason.missing:
        words["missing"] = _listed([look.name(party) for party in reason.missing])
    return sentences(reason.code, words)


def _listed(names: list[str]) -> str:
    """As people say it: "A", "A and B", "A, B and C"."""
    if len(names) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
