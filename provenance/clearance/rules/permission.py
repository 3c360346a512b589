"""Does what is on record permit this use of one work? Every holder must permit every action."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from provenance.clearance.rules.facts import WORLD, Known, Severity, Speaks
from provenance.clearance.rules.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provenance.clearance.rules.facts import (
        Facts,
        GrantFact,
        HoldingFact,
        LicenceFact,
        Use,
        WorkFact,
    )

NEEDED = Known.DOCUMENT_CHECKED
"""Below it, on either axis, a permission is weak: a human must look."""
NOTHING = "nothing"
"""No path at all leads from this holder to the action."""
RANK = (
    "ok",
    "evidence_weak",
    "licence_silent",
    "grant_revoked",
    "grant_expired",
    "territory_uncovered",
    "grant_scope",
    "licence_forbids_use",
    NOTHING,
)
"""Of several paths to one action the first in this order counts: the one nearest to yes."""
PASSING = frozenset({"ok", "evidence_weak", "licence_silent"})


@dataclass(frozen=True)
class Path:
    """One way to a permission, and how far it leads."""

    status: str
    licence: str = ""
    source: str = ""
    evidence: str = ""


def cover(work: WorkFact, use: Use, facts: Facts) -> list[Reason]:
    """Why `use` of `work` is not simply permitted; an empty list where it is."""
    if not work.holders:
        return [Reason("rights_holder_unknown", Severity.BLOCK, words={"work": work.title})]
    paths = {
        holder.party: [_best(work, holder, action, use, facts) for action in sorted(use.actions)]
        for holder in work.holders
    }
    worst = {
        party: max(found, key=lambda p: RANK.index(p.status)) for party, found in paths.items()
    }
    failing = {party: path for party, path in worst.items() if path.status not in PASSING}
    if failing:
        return [_refusal(work, failing, use, facts)]
    return [*_reserved(work, facts), *_flags(work, worst)]


def _best(work: WorkFact, holder: HoldingFact, action: str, use: Use, facts: Facts) -> Path:
    found = [
        *_licence_paths(work, holder, use, facts),
        *_grant_paths(work, holder, action, use, facts),
    ]
    # the evidence decides between equals, so that the order of facts does not
    return min(
        found,
        key=lambda p: (RANK.index(p.status), p.licence, p.source, p.evidence),
        default=Path(NOTHING),
    )


def _licence_paths(work: WorkFact, holder: HoldingFact, use: Use, facts: Facts) -> Iterator[Path]:
    for licence in work.licences:
        if licence.licensor == holder.party:
            status = _licence_status(licence, holder, use, facts)
            yield Path(status, licence.code, licence.source, licence.evidence)


def _licence_status(licence: LicenceFact, holder: HoldingFact, use: Use, facts: Facts) -> str:
    silent = licence.training is Speaks.SILENT
    if licence.training is Speaks.NO or not licence.derivatives:
        return "licence_forbids_use"
    if use.commercial and not licence.commercial:
        return "licence_forbids_use"
    if silent and facts.policy.silent_licence is Severity.BLOCK:
        return "licence_forbids_use"
    if min(licence.identity, licence.title, holder.title) < NEEDED:
        return "evidence_weak"
    return "licence_silent" if silent and facts.policy.silent_licence else "ok"


def _grant_paths(
    work: WorkFact, holder: HoldingFact, action: str, use: Use, facts: Facts
) -> Iterator[Path]:
    for grant in facts.grants:
        if grant.assigner == holder.party and _is_for(grant, work, use):
            status = _grant_status(grant, action, use, facts)
            if status == "ok" and min(grant.identity, holder.title) < NEEDED:
                status = "evidence_weak"
            levels = f"{grant.evidence}:{int(grant.identity)}:{int(holder.title)}"
            yield Path(status, evidence=levels)


def _is_for(grant: GrantFact, work: WorkFact, use: Use) -> bool:
    to_applicant = grant.assignee in (None, use.applicant)
    return to_applicant and (grant.works is None or work.id in grant.works)


def _grant_status(grant: GrantFact, action: str, use: Use, facts: Facts) -> str:
    if grant.revoked_on is not None:
        return "grant_revoked"
    if grant.not_after is not None and grant.not_after < facts.today:
        return "grant_expired"
    if WORLD not in grant.territories and not set(use.territories) <= set(grant.territories):
        return "territory_uncovered"
    outside = (
        action not in grant.actions
        or (grant.not_before is not None and grant.not_before > facts.today)
        or (use.commercial and not grant.commercial)
        or (bool(grant.bases) and use.base not in grant.bases)
    )
    return "grant_scope" if outside else "ok"


def _refusal(work: WorkFact, failing: dict[str, Path], use: Use, facts: Facts) -> Reason:
    missing = tuple(sorted(failing))
    near = min(
        failing.values(), key=lambda p: (RANK.index(p.status), p.licence, p.source, p.evidence)
    )
    code = near.status
    words = {"work": work.title, "licence": near.licence, "actions": ", ".join(sorted(use.actions))}
    if code == NOTHING:
        code = _nothing_code(work, failing, facts)
        creators = set(work.creators) - {holder.party for holder in work.holders}
        words["creators"] = ",".join(sorted(creators))
    return Reason(code, Severity.BLOCK, missing, words, near.licence, near.source)


def _nothing_code(work: WorkFact, failing: dict[str, Path], facts: Facts) -> str:
    holders = {holder.party for holder in work.holders}
    if set(failing) != holders:
        return "co_holder_missing"
    others = {
        grant.assigner
        for grant in facts.grants
        if grant.revoked_on is None and (grant.works is None or work.id in grant.works)
    }
    if (set(work.creators) - holders) & others:
        return "creator_is_not_holder"
    return "grant_missing" if work.licences else "licence_missing"


def _reserved(work: WorkFact, facts: Facts) -> Iterator[Reason]:
    holders = {holder.party for holder in work.holders}
    for reservation in sorted(set(facts.reservations), key=str):
        if reservation.work not in (None, work.id):
            continue
        words = {"work": work.title, "party": reservation.party}
        if reservation.party in holders:
            overridden = any(
                grant.assigner == reservation.party
                and grant.works is not None
                and work.id in grant.works
                and grant.revoked_on is None
                and grant.identity >= NEEDED
                and grant.given_on is not None
                and grant.given_on >= reservation.registered_on
                for grant in facts.grants
            )
            if not overridden:
                yield Reason("reservation_registered", Severity.BLOCK, (reservation.party,), words)
        elif reservation.party in work.creators:
            yield Reason("creator_objects", Severity.FLAG, words=words, chain=_chain(work))


def _chain(work: WorkFact) -> tuple[str, ...]:
    holders = sorted({f"holder {holder.party}" for holder in work.holders})
    creators = sorted({f"creator {creator}" for creator in work.creators})
    return (f"work {work.id}", *holders, *creators)


def _flags(work: WorkFact, worst: dict[str, Path]) -> Iterator[Reason]:
    for status in ("evidence_weak", "licence_silent"):
        paths = [path for _, path in sorted(worst.items()) if path.status == status]
        if paths:
            licence = paths[0].licence
            yield Reason(
                status,
                Severity.FLAG,
                words={"work": work.title, "licence": licence},
                licence=licence,
                source=paths[0].source,
                evidence=tuple(path.evidence for path in paths),
                chain=_chain(work),
            )
    if work.source == "generated":
        yield Reason(
            "synthetic_source", Severity.FLAG, words={"work": work.title}, chain=_chain(work)
        )
