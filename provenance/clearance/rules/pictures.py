"""One picture: which works it shows, and the reasons that follow for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provenance.clearance.rules.facts import Severity
from provenance.clearance.rules.permission import NEEDED, cover
from provenance.clearance.rules.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provenance.clearance.rules.facts import Facts, MatchFact, PictureFact, Use, WorkFact

NOBODY_ASKED = frozenset({"licence_missing", "grant_missing", "rights_holder_unknown"})


def judge(
    picture: PictureFact, works: Mapping[str, WorkFact], use: Use, facts: Facts
) -> list[Reason]:
    """The reasons for one picture: one root block, or all its flags, then what is good to know."""
    found = [
        *_of_matches(picture, works, use, facts),
        *_of_declared(picture, works, use, facts),
        *_of_file(picture),
    ]
    blocks = [reason for reason in found if reason.severity is Severity.BLOCK]
    notes = [reason for reason in found if reason.severity is Severity.INFO]
    if blocks:
        return [blocks[0], *notes]
    return list({(r.code, str(r.words)): r for r in found}.values())


def _of_matches(
    picture: PictureFact, works: Mapping[str, WorkFact], use: Use, facts: Facts
) -> list[Reason]:
    """A match identifies the work; its own chain and grants decide."""
    found: list[Reason] = []
    for match in sorted(picture.matches, key=lambda m: (m.work, m.outcome)):
        if match.work == picture.work:
            continue  # judged as the declared work
        reasons = cover(works[match.work], use, facts)
        blocked = [r for r in reasons if r.severity is Severity.BLOCK]
        if not blocked:
            found += reasons if _is_sure(match) else []
        elif _is_sure(match):
            found.append(_protected(match, blocked[0]))
        else:
            found.append(_possible(match, blocked[0]))
    return found


def _is_sure(match: MatchFact) -> bool:
    return match.outcome == "match" and match.level >= NEEDED


def _protected(match: MatchFact, root: Reason) -> Reason:
    code = "match_protected" if root.code in NOBODY_ASKED else root.code
    words = root.words | {"how": match.explanation}
    return Reason(code, Severity.BLOCK, root.missing, words, root.licence, root.source)


def _possible(match: MatchFact, root: Reason) -> Reason:
    words = {"work": root.words["work"], "how": match.explanation, "level": match.level.name}
    evidence = (f"{match.work}:{match.outcome}:{int(match.level)}",)
    return Reason("match_possible", Severity.FLAG, root.missing, words, evidence=evidence)


def _of_declared(
    picture: PictureFact, works: Mapping[str, WorkFact], use: Use, facts: Facts
) -> list[Reason]:
    if picture.work is not None:
        return cover(works[picture.work], use, facts)
    if any(_is_sure(match) for match in picture.matches):
        return []  # the match has identified the work, and was judged above
    return [Reason("rights_holder_unknown", Severity.BLOCK, words={"work": picture.label})]


def _of_file(picture: PictureFact) -> list[Reason]:
    found = []
    if not picture.screened:
        found.append(Reason("match_unavailable", Severity.FLAG))
    if picture.low_information:
        found.append(Reason("low_information_image", Severity.FLAG))
    if not picture.custody:
        found.append(Reason("custody_incomplete", Severity.FLAG))
    if picture.duplicate_of:
        found.append(
            Reason("duplicate_in_set", Severity.INFO, words={"other": picture.duplicate_of})
        )
    return found
