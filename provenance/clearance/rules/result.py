"""The licence of the result: what a model made from these inputs may be used for, and for whom.

Each condition is decided by the strictest input. Share-alike asks that the model stand under the
same licence, which does not go together with an input that forbids what that licence allows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from provenance.clearance.rules.paths import PASSING
from provenance.clearance.rules.permission import identified, needs
from provenance.clearance.rules.use import WORLD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from provenance.clearance.rules.facts import GrantFact, LicenceFact
    from provenance.clearance.rules.lookup import Lookup

ACTIONS = ("commercial-outputs", "distribute-weights", "further-train", "host-as-service")
RESTRICTING_BASES = ("openrail",)
"""Licences of bases that add restrictions, which no share-alike licence lets one pass on."""


@dataclass(frozen=True, order=True)
class Input:
    """A licence or a grant that went into the model, as far as the result depends on it."""

    name: str
    share_alike: bool = False
    commercial: bool = True
    restricts: bool = False
    """It adds conditions of its own: a private agreement, rules of use, no adaptations."""


class Used(NamedTuple):
    """A work may be used by this licence, or by this grant."""

    work: str
    licence: str
    grant: str


@dataclass(frozen=True)
class Result:
    """What the model may be used for. `licence` is the one that share-alike asks for, or empty."""

    licence: str
    commercial: bool
    attribution: bool
    permitted: tuple[str, ...]
    territories: tuple[str, ...]
    until: str
    """The last day of the first permission to end, or empty."""
    inputs: tuple[str, ...]
    conflicts: tuple[tuple[str, str], ...]
    """Pairs that fit no model together; where there are any, there can be none."""


def conflicts(look: Lookup) -> list[tuple[str, str]]:
    """Pairs of inputs of which each asks for a model that the other does not allow.

    Where a work may be used by its licence or by a permission, either will do: the inputs fit
    together if they do so one way.
    """
    return _chosen(look)[1]


def _chosen(look: Lookup) -> tuple[set[Used], list[tuple[str, str]]]:
    """The permissions to go by, and what does not fit among them."""
    found = []
    for by_licence in (False, True):
        used = _used(look, by_licence=by_licence)
        found.append((used, list(_conflicts(sorted(_inputs(used, look))))))
        if not found[-1][1]:
            return found[-1]
    return found[0]


def _conflicts(inputs: list[Input]) -> Iterator[tuple[str, str]]:
    alike = [item for item in inputs if item.share_alike]
    for n, one in enumerate(alike):
        for other in alike[n + 1 :]:
            if family(one.name) != family(other.name):
                yield one.name, other.name
        for other in inputs:
            narrower = one.commercial and not other.commercial
            if not other.share_alike and (other.restricts or narrower):
                yield one.name, other.name


def family(code: str) -> str:
    """A licence without its version: a work under one version may go on under a later one."""
    return re.sub(r"-\d+(\.\d+)*(-or-later|-only)?$", "", code)


def _inputs(used: set[Used], look: Lookup) -> set[Input]:
    found = {
        Input(licence.code, licence.share_alike, licence.commercial)
        for licence in _licences(used, look)
    }
    for grant in _grants(used, look):
        found.add(Input(f"the permission of {look.name(grant.assigner)}", restricts=True))
    base = look.facts.base
    if base is not None and any(word in base.licence for word in RESTRICTING_BASES):
        found.add(Input(f"the base's licence {base.licence}", restricts=True))
    return found


def _licences(used: set[Used], look: Lookup) -> list[LicenceFact]:
    wanted = {(one.work, one.licence) for one in used if one.licence}
    return [
        licence
        for work in sorted({work for work, _ in wanted})
        for licence in look.works[work].licences
        if (work, licence.code) in wanted
    ]


def _grants(used: set[Used], look: Lookup) -> list[GrantFact]:
    wanted = {one.grant for one in used if one.grant}
    return sorted({g for g in look.facts.grants if g.id in wanted}, key=lambda grant: grant.id)


def _used(look: Lookup, *, by_licence: bool) -> set[Used]:
    paths = (
        (work, need.by_licence if by_licence else need.path)
        for work in _shown(look)
        for need in needs(look.works[work], look)
    )
    return {Used(work, path.licence, path.grant) for work, path in paths if path.status in PASSING}


def _shown(look: Lookup) -> list[str]:
    """Works that are declared or surely recognised, and at any depth what else is seen in them."""
    waiting = {work for picture in look.facts.pictures for work in identified(picture)}
    met: set[str] = set()
    while waiting := (waiting & set(look.works)) - met:
        met |= waiting
        seen = {layer.work for work in waiting for layer in look.works[work].layers}
        waiting = {work for work in seen if work is not None}
    return sorted(met)


def result(look: Lookup) -> Result:
    """The terms of a model made of these pictures on this base, as far as they are permitted."""
    used, against = _chosen(look)
    licences, grants = _licences(used, look), _grants(used, look)
    alike = sorted({licence.code for licence in licences if licence.share_alike})
    ends = [grant.not_after for grant in grants if grant.not_after]
    ends += [licence.not_after for licence in licences if licence.not_after]
    return Result(
        licence=alike[-1] if alike else "",
        commercial=all(licence.commercial for licence in licences)
        and all(grant.commercial for grant in grants),
        attribution=any(licence.attribution for licence in licences),
        permitted=tuple(a for a in ACTIONS if all(a in grant.actions for grant in grants)),
        territories=_common(grant.territories for grant in grants),
        until=min(ends).isoformat() if ends else "",
        inputs=tuple(item.name for item in sorted(_inputs(used, look))),
        conflicts=tuple(against),
    )


def _common(territories: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    limited = [set(places) for places in territories if WORLD not in places]
    return tuple(sorted(set.intersection(*limited))) if limited else (WORLD,)
