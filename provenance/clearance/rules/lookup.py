"""The facts, arranged once so that judging a picture costs what concerns it and no more."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from provenance.clearance.rules.addresses import located
from provenance.clearance.rules.facts import Known, Minimum
from provenance.clearance.rules.title import Title, asked_places, places, plain, title

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from provenance.clearance.rules.facts import (
        DelegationFact,
        Facts,
        GrantFact,
        PartyFact,
        ReservationFact,
        WorkFact,
    )
    from provenance.clearance.rules.permission import Need
    from provenance.clearance.rules.reasons import Reason
    from provenance.clearance.rules.use import Use

T = TypeVar("T")
ANYTHING = Minimum("", Known.SELF_DECLARED, Known.SELF_DECLARED)


class Lookup:
    """`facts` and `use`, with everything found by what it is about, and what was worked out."""

    def __init__(self, facts: Facts, use: Use) -> None:
        self.facts = facts
        self.use = use
        self.territories = asked_places(use.territories)
        self.today = facts.today
        self.policy = facts.policy
        self.works = {work.id: work for work in facts.works}
        self.own: dict[str, list[Reason]] = {}
        self.covers: dict[str, list[Reason]] = {}
        self.needs: dict[str, list[Need]] = {}
        self.actions = sorted(set(use.actions))
        self._titles: dict[str, list[tuple[str, str, Title]]] = {}

    @cached_property
    def grants(self) -> dict[str, list[GrantFact]]:
        """To this applicant or to anyone, by assigner."""
        fitting = (g for g in self.facts.grants if g.assignee in (None, self.use.applicant))
        return _by(fitting, lambda grant: grant.assigner)

    @cached_property
    def delegations(self) -> dict[str, list[DelegationFact]]:
        return _by(self.facts.delegations, lambda delegation: delegation.principal)

    @cached_property
    def reservations(self) -> dict[str, list[ReservationFact]]:
        """Those about works, by party."""
        about_works = (r for r in self.facts.reservations if not r.url_prefix)
        return _by(about_works, lambda reservation: reservation.party)

    @cached_property
    def addresses(self) -> list[tuple[str, ReservationFact]]:
        """Those about addresses, each with what it covers in normal form."""
        found = sorted({r for r in self.facts.reservations if r.url_prefix}, key=str)
        return [(located(reservation.url_prefix), reservation) for reservation in found]

    @cached_property
    def parties(self) -> dict[str, PartyFact]:
        return {party.id: party for party in self.facts.parties}

    @cached_property
    def minima(self) -> dict[str, Minimum]:
        return {minimum.action: minimum for minimum in self.policy.evidence}

    def minimum(self, action: str) -> Minimum:
        """What the site's policy asks of the evidence for `action`."""
        return self.minima.get(action, ANYTHING)

    def name(self, party: str) -> str:
        """A party's name; its id where the facts do not tell it."""
        known = self.parties.get(party)
        return known.name if known else party

    def titles(self, work: WorkFact) -> list[tuple[str, str, Title]]:
        """Who must permit each action in each place, computed once a work."""
        if work.id not in self._titles:
            self._titles[work.id] = list(self._compute(work))
        return self._titles[work.id]

    def _compute(self, work: WorkFact) -> Iterator[tuple[str, str, Title]]:
        same = plain(work)
        for action in self.actions:
            for place in places(work, self.territories):
                yield action, place, same or title(work, action, place, self.today)


def _by(items: Iterable[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for item in items:
        found[key(item)].append(item)
    return found
