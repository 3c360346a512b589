"""The facts, arranged once so that judging a picture costs what concerns it and no more."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from provenance.clearance.rules.addresses import located
from provenance.clearance.rules.facts import Known, Minimum
from provenance.clearance.rules.title import Title, asked_places, places, plain, title

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provenance.clearance.rules.facts import (
        DelegationFact,
        Facts,
        GrantFact,
        PartyFact,
        ReservationFact,
        WorkFact,
    )
    from provenance.clearance.rules.paths import Path
    from provenance.clearance.rules.permission import Need
    from provenance.clearance.rules.reasons import Reason
    from provenance.clearance.rules.use import Use

K = TypeVar("K")
T = TypeVar("T")
EVERYTHING, NO_WORK = (None,), ("",)
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
        self.general: dict[tuple[str, Known, str, str], tuple[Path, ...]] = {}
        self.actions = sorted(set(use.actions))
        self._titles: dict[str, list[tuple[str, str, Title]]] = {}

    @cached_property
    def _grants(self) -> dict[tuple[str, str | None], list[GrantFact]]:
        fitting = (g for g in self.facts.grants if g.assignee in (None, self.use.applicant))
        return _by(
            ((grant.assigner, work), grant)
            for grant in fitting
            for work in (EVERYTHING if grant.works is None else grant.works or NO_WORK)
        )

    def grants(self, party: str, about: Iterable[str | None]) -> list[GrantFact]:
        """By this party, to this applicant or to anyone, about these works.

        None: about all that it holds; "": about no work, as a likeness is.
        """
        if not self._grants:
            return []
        return [grant for work in about for grant in self._grants.get((party, work), ())]

    @cached_property
    def delegations(self) -> dict[str, list[DelegationFact]]:
        return _by((delegation.principal, delegation) for delegation in self.facts.delegations)

    @cached_property
    def reservations(self) -> dict[str, list[ReservationFact]]:
        """Those about works, by party."""
        return _by((r.party, r) for r in self.facts.reservations if not r.url_prefix)

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
            same, there = plain(work), places(work, self.territories)
            self._titles[work.id] = [
                (action, place, same or title(work, action, place, self.today))
                for action in self.actions
                for place in there
            ]
        return self._titles[work.id]


def _by(pairs: Iterable[tuple[K, T]]) -> dict[K, list[T]]:
    found: dict[K, list[T]] = defaultdict(list)
    for key, item in pairs:
        found[key].append(item)
    return found
