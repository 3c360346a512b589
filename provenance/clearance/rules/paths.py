"""The ways that lead from one holder to one action in one place, and how far each leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from provenance.clearance.rules.facts import Known, Speaks
from provenance.clearance.rules.use import WORLD
from provenance.clearance.rules.verdict import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from provenance.clearance.rules.facts import DelegationFact, GrantFact, LicenceFact, WorkFact
    from provenance.clearance.rules.lookup import Lookup
    from provenance.clearance.rules.title import Holder
    from provenance.clearance.rules.use import Use

    About = tuple[str | None, ...]

TRUSTED: Final = Known.DOCUMENT_CHECKED
"""Below it, on either axis, a permission is weak: a human must look."""
NOTHING: Final = "nothing"
"""No way at all leads from this holder to the action."""
RANK: Final = (
    "ok",
    "evidence_weak",
    "licence_silent",
    "evidence_insufficient",
    "grant_revoked",
    "grant_expired",
    "grant_used_up",
    "territory_uncovered",
    "grant_scope",
    "licence_forbids_use",
    NOTHING,
)
"""Of several ways to one action the first in this order counts: the one nearest to yes."""
PASSING: Final = frozenset(RANK[:3])
POSITION: Final = {status: n for n, status in enumerate(RANK)}
REACH: Final = ("applicant", "registered", "public")
"""Who may get the weights, each including those before."""


@dataclass(frozen=True, slots=True)
class Path:
    """One way to a permission, and how far it leads."""

    status: str
    licence: str = ""
    source: str = ""
    evidence: str = ""
    grant: str = ""
    identity: Known = Known.SELF_DECLARED

    @property
    def order(self) -> tuple[int, int, str, str, str, str]:
        """Of equals the one whose giver is known best, then by evidence: the order of facts never.

        Else an answer that did not count would stand beside the one that replaced it.
        """
        by = (self.licence, self.source, self.evidence, self.grant)
        return (POSITION[self.status], -self.identity, *by)


def ways(work: WorkFact, holder: Holder, action: str, place: str, look: Lookup) -> tuple[Path, ...]:
    """All of them, the one nearest to yes first. Those for all works are found once a holder."""
    key = (holder.party, holder.title, action, place)
    if key not in look.general:
        found = _by_grant(holder, (None,), action, place, look)
        look.general[key] = _in_order(found) or (Path(NOTHING),)
    own = [
        *_by_licence(work, holder, look),
        *_by_grant(holder, (work.id, *work.part_of), action, place, look),
    ]
    return _in_order([*own, *look.general[key]]) if own else look.general[key]


def _in_order(paths: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(sorted(paths, key=lambda path: path.order))


def _by_licence(work: WorkFact, holder: Holder, look: Lookup) -> Iterator[Path]:
    for licence in work.licences:
        if licence.licensor == holder.party:
            status = _licence_status(licence, holder, look)
            yield Path(
                status, licence.code, licence.source, f"{licence.evidence}:{licence.reading}"
            )


def _licence_status(licence: LicenceFact, holder: Holder, look: Lookup) -> str:
    silent = licence.training is Speaks.SILENT
    forbidden = licence.training is Speaks.NO or not licence.derivatives
    if forbidden or (look.use.commercial and not licence.commercial):
        return "licence_forbids_use"
    if silent and look.policy.silent_licence is Severity.BLOCK:
        return "licence_forbids_use"
    if licence.not_after is not None and licence.not_after < look.today:
        return "grant_expired"
    if min(licence.identity, licence.title, holder.title) < TRUSTED:
        return "evidence_weak"
    return "licence_silent" if silent and look.policy.silent_licence else "ok"


def _by_grant(
    holder: Holder, about: About, action: str, place: str, look: Lookup
) -> Iterator[Path]:
    for grant, identity in spoken_for(holder.party, about, action, place, look):
        status = grant_status(grant, action, place, look)
        if status == "ok":
            status = strength(identity, holder.title, action, look)
        levels = f"{grant.evidence}:{int(identity)}:{int(holder.title)}"
        yield Path(status, evidence=levels, grant=grant.id, identity=identity)


def spoken_for(
    party: str, about: About, action: str, place: str, look: Lookup
) -> list[tuple[GrantFact, Known]]:
    """The grants of `party` and of those who decide for it, and how well each is known."""
    own = [(grant, grant.identity) for grant in look.grants(party, about)]
    return own + [
        (grant, min(grant.identity, delegation.level))
        for delegation in look.delegations.get(party, ())
        if acts(delegation, action, place, look)
        for grant in look.grants(delegation.agent, about)
    ]


def acts(delegation: DelegationFact, action: str, place: str, look: Lookup) -> bool:
    """Does it let the agent decide about this action, there, today?"""
    begun = delegation.starts is None or delegation.starts <= look.today
    lasts = delegation.ends is None or look.today <= delegation.ends
    there = WORLD in delegation.territories or place in delegation.territories
    return begun and lasts and there and action in delegation.actions


def strength(identity: Known, title: Known, action: str, look: Lookup) -> str:
    """Does the evidence carry this action: yes, if a human looks, or not at all?"""
    minimum = look.minimum(action)
    if identity < minimum.identity or title < minimum.title:
        return "evidence_insufficient"
    return "ok" if min(identity, title) >= TRUSTED else "evidence_weak"


def grant_status(grant: GrantFact, action: str, place: str, look: Lookup) -> str:
    """How far this grant leads, its evidence apart."""
    if grant.revoked_on is not None and grant.revoked_on <= look.today:
        return "grant_revoked"
    if grant.not_after is not None and grant.not_after < look.today:
        return "grant_expired"
    if grant.models_left is not None and grant.models_left < 1:
        return "grant_used_up"
    if WORLD not in grant.territories and place not in grant.territories:
        return "territory_uncovered"
    begun = grant.not_before is None or grant.not_before <= look.today
    return "ok" if begun and _covers(grant, action, look.use) else "grant_scope"


def _covers(grant: GrantFact, action: str, use: Use) -> bool:
    return (
        action in grant.actions
        and (grant.commercial or not use.commercial)
        and (not grant.bases or use.base in grant.bases)
        and (not grant.purposes or (bool(use.purposes) and {*use.purposes} <= {*grant.purposes}))
        and (not grant.recipients or _reach(use.recipients) <= max(map(_reach, grant.recipients)))
    )


def _reach(recipients: str) -> int:
    return REACH.index(recipients) if recipients in REACH else len(REACH)
