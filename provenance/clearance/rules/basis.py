"""What a decision rests on, work by work: today's holders, and the permissions that were used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from provenance.clearance.rules.lookup import Lookup
from provenance.clearance.rules.permission import needs

if TYPE_CHECKING:
    from provenance.clearance.rules.facts import Facts, WorkFact
    from provenance.clearance.rules.use import Use


@dataclass(frozen=True)
class Basis:
    """Ids of holders and grants, codes of licences, notes of the evidence looked at."""

    holders: tuple[str, ...]
    grants: tuple[str, ...]
    licences: tuple[str, ...]
    evidence: tuple[str, ...]


def bases(facts: Facts, use: Use) -> dict[str, Basis]:
    """By work: who holds it, and which of all permissions the decision needs."""
    look = Lookup(facts, use)
    return {work.id: _basis(work, look) for work in facts.works}


def _basis(work: WorkFact, look: Lookup) -> Basis:
    wanted = needs(work, look)
    paths = [need.path for need in wanted]
    noted = {path.evidence for path in paths}
    noted |= {link.evidence for need in wanted for link in need.holder.links}
    return Basis(
        holders=tuple(sorted({need.holder.party for need in wanted})),
        grants=tuple(sorted({path.grant for path in paths} - {""})),
        licences=tuple(sorted({path.licence for path in paths} - {""})),
        evidence=tuple(sorted(noted - {""})),
    )
