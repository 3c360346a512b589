"""Who holds the rights in a work today, for one action in one place: computed from its chain.

A chain begins with roots (those who made the work, had it made, or are stated to hold it) and
goes on with transfers from somebody who holds to somebody else. A transfer conveys an action,
reserves it, or is silent on it; where it is silent, both sides have to permit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from provenance.attribution.places import expanded, unknown_places
from provenance.clearance.rules.use import WORLD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provenance.clearance.rules.facts import Known, LinkFact, StatusFact, WorkFact

UNDOING: Final = frozenset({"reversion", "termination", "rescission"})
WHOLE: Final = frozenset({"inheritance", "work-for-hire"})
"""These pass everything on unless they say otherwise."""
LICENSING: Final = frozenset({"exclusive-licence", "mandate"})
"""The owner stays the owner behind them, and may sell what is left."""
EVERYTHING: Final = "*"
"""In a link: it conveys every action of a holder."""
REST: Final = "elsewhere"
"""All countries that no link and no status of the work names."""
ALL_OF_IT: Final = 100.0


@dataclass(frozen=True, slots=True)
class Holder:
    """A party that must permit, how well its title is known, and by which links."""

    party: str
    title: Known
    links: tuple[LinkFact, ...]

    @property
    def evidence(self) -> str:
        return "+".join(link.evidence for link in self.links if link.evidence)


@dataclass(frozen=True, slots=True)
class Break:
    """A link that does not fit the others: from whom to whom, and (in a conflict) who else."""

    code: str
    grantor: str
    party: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class Title:
    """Today's holders, or why they cannot be told."""

    holders: tuple[Holder, ...] = ()
    breaks: tuple[Break, ...] = ()
    silent: frozenset[str] = frozenset()
    """Those on both sides of a contract that does not speak of the action."""
    free: Known | None = None
    """Not None: no copyright is left here, and how well that is known."""


def asked_places(territories: Iterable[str]) -> tuple[str, ...]:
    """The countries that a use is for; the world where one of them is no country known here.

    Looked up as it stands, an unknown code would have no exclusive licensee and no other status.
    """
    asked = expanded(territories)
    return (WORLD,) if unknown_places(asked) else asked


def places(work: WorkFact, territories: Iterable[str]) -> tuple[str, ...]:
    """The places to look at separately: all that the work's records tell apart, or those asked."""
    if WORLD not in territories:
        return tuple(sorted(set(territories)))
    if not work.statuses and all(link.territories == (WORLD,) for link in work.links):
        return (REST,)
    named = {place for link in work.links for place in link.territories}
    named |= {status.territory for status in work.statuses}
    return (*sorted(named - {WORLD}), REST)


def plain(work: WorkFact) -> Title | None:
    """The answer for every action and place, where the chain is nothing but undated roots."""
    if not work.links or work.statuses or any(map(_is_more_than_a_root, work.links)):
        return None
    return Title(_in_order(_roots(work.links)))


def _is_more_than_a_root(link: LinkFact) -> bool:
    return (
        link.grantor is not None
        or link.kind in UNDOING
        or link.starts is not None
        or link.ends is not None
        or link.territories != (WORLD,)
    )


def title(work: WorkFact, action: str, place: str, today: date) -> Title:
    """Who must permit `action` on `work` in `place`."""
    status = _status(work.statuses, place)
    if status is not None and status.status == "public-domain":
        return Title(free=status.title)
    links = _live(work.links, place, today)
    state = _State(_roots(sorted((link for link in links if link.grantor is None), key=_order)))
    _transfer([link for link in links if link.grantor is not None], action, state)
    return Title(_in_order(state.holders), tuple(state.breaks), frozenset(state.silent))


def _roots(links: Iterable[LinkFact]) -> dict[str, Holder]:
    holders: dict[str, Holder] = {}
    for link in links:
        _add(holders, Holder(link.party, link.title, (link,)))
    return holders


def _in_order(holders: dict[str, Holder]) -> tuple[Holder, ...]:
    return tuple(holders[party] for party in sorted(holders))


def _add(holders: dict[str, Holder], holder: Holder) -> None:
    """Of two ways to the same title the better known one counts."""
    there = holders.get(holder.party)
    if there is None or (there.title, there.evidence) < (holder.title, holder.evidence):
        holders[holder.party] = holder


def _status(statuses: Iterable[StatusFact], place: str) -> StatusFact | None:
    """The status of this very place, or that of the world; of two of a kind the stricter."""
    fitting = [s for s in statuses if s.territory in (place, WORLD)]
    order = {"in-copyright": 0, "unknown": 1, "public-domain": 2}
    return min(
        fitting, key=lambda s: (s.territory == WORLD, order.get(s.status, 0), s.title), default=None
    )


def _live(links: Iterable[LinkFact], place: str, today: date) -> list[LinkFact]:
    """The links that give there today, unless undone; a rescission undoes from the start."""
    there = {link for link in links if WORLD in link.territories or place in link.territories}
    undone: dict[str, date] = {}
    for undoing in there:
        if undoing.kind in UNDOING and undoing.undoes:
            begins = date.min if undoing.kind == "rescission" else undoing.starts or date.min
            undone[undoing.undoes] = min(begins, undone.get(undoing.undoes, date.max))
    return [
        link
        for link in there
        if link.kind not in UNDOING
        and (link.starts or date.min) <= today <= (link.ends or date.max)
        and today < undone.get(link.id, date.max)
    ]


def _order(link: LinkFact) -> tuple[date, str, str, str]:
    return (link.starts or date.min, link.id, link.grantor or "", link.party)


@dataclass
class _State:
    holders: dict[str, Holder]
    gone: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Who held before: to whom it went, and by which kind of link."""
    left: dict[str, float] = field(default_factory=dict)
    breaks: list[Break] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)

    def pass_on(self, link: LinkFact, grantor: Holder) -> None:
        """What is left with the grantor goes by the stated shares; unstated is all of it."""
        if link.party == grantor.party:
            return
        share = ALL_OF_IT if link.share is None else link.share
        left = self.left.get(grantor.party, ALL_OF_IT) - share
        self.left[grantor.party] = left
        _add(self.holders, _after(link, grantor))
        if left <= 0:
            del self.holders[grantor.party]
            self.gone[grantor.party] = (link.party, link.kind)


def _after(link: LinkFact, grantor: Holder) -> Holder:
    return Holder(link.party, min(link.title, grantor.title), (*grantor.links, link))


def _transfer(links: list[LinkFact], action: str, state: _State) -> None:
    """Apply the transfers by date; one whose grantor does not hold yet waits for the others."""
    waiting = sorted(links, key=_order)
    while waiting:
        ready = next((link for link in waiting if link.grantor in state.holders), None)
        if ready is None:
            break
        waiting.remove(ready)
        _apply(ready, action, state, state.holders[str(ready.grantor)])
    for link in waiting:
        _left_over(link, action, state)


def _left_over(link: LinkFact, action: str, state: _State) -> None:
    """A transfer by somebody who does not hold: of what is licensed out, or of nothing."""
    other, how = state.gone.get(str(link.grantor), ("", ""))
    if _says(link, action) == "reserves":
        return
    if how in LICENSING and link.kind not in LICENSING:
        state.gone[link.party] = (other, how)  # bought subject to the licence, which goes on
    elif other != link.party:
        code = "title_conflict" if other else "title_gap"
        state.breaks.append(Break(code, str(link.grantor), link.party, other))


def _apply(link: LinkFact, action: str, state: _State, grantor: Holder) -> None:
    says = _says(link, action)
    if says == "conveys":
        state.pass_on(link, grantor)
    elif says == "silent" and link.kind != "mandate":
        _add(state.holders, _after(link, grantor))
        state.silent |= {link.party, grantor.party}


def _says(link: LinkFact, action: str) -> str:
    if action in link.reserves:
        return "reserves"
    whole = link.kind in WHOLE and not link.conveys
    return "conveys" if whole or {action, EVERYTHING} & set(link.conveys) else "silent"
