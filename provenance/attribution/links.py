"""A link of a chain of title: what it passes on, for how long, and how it reads. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from provenance.attribution.places import WORLD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

ALL: Final = "*"
ACTIONS: Final = (
    "train",
    "distribute-weights",
    "commercial-outputs",
    "further-train",
    "host-as-service",
    "display",
)
"""What holders permit. A name or a likeness is nobody's to assign."""
UNDOING: Final = frozenset({"reversion", "termination", "rescission"})
VERBS: Final = {
    "authored": "{party} made it",
    "work-for-hire": "{party} had it made by an employee or for hire{by}",
    "stated": "{party} is stated to hold the rights",
    "assignment": "{grantor} assigned {what} to {party}",
    "exclusive-licence": "{grantor} gave {party} an exclusive licence for {what}",
    "inheritance": "{party} inherited {what} from {grantor}",
    "mandate": "{grantor} had {party} manage {what}",
    "reversion": "{party} got the rights back from {grantor} as agreed",
    "termination": "{party} took the rights back from {grantor} by law",
    "rescission": "the contract of {party} with {grantor} was undone from the beginning",
}
LATEST: Final = date.max
DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Link:
    """One link, with the ids and names of its parties; `id` is empty until it is on record."""

    kind: str
    party: str
    party_name: str
    id: str = ""
    grantor: str | None = None
    grantor_name: str = ""
    conveys: tuple[str, ...] = ()
    reserves: tuple[str, ...] = ()
    territories: tuple[str, ...] = (WORLD,)
    share: Decimal | None = None
    starts: date | None = None
    ends: date | None = None
    undoes: str | None = None

    @property
    def actions(self) -> frozenset[str]:
        """What it passes on; a root, and what passes on as a whole, everything not reserved."""
        whole = self.grantor is None or (self.kind in ("inheritance", "work-for-hire"))
        named = set(ACTIONS) if ALL in self.conveys or (whole and not self.conveys) else set()
        return frozenset((named | set(self.conveys)) - {ALL} - set(self.reserves))


def in_force(links: Iterable[Link]) -> list[Link]:
    """The links that give, each ending where another one undoes it; what was rescinded is out."""
    every = list(links)
    undone = {link.undoes: link for link in every if link.kind in UNDOING}
    found = []
    for link in every:
        by = undone.get(link.id) if link.id else None
        if link.kind in UNDOING or (by and (by.kind == "rescission" or by.starts is None)):
            continue
        found.append(link if by is None else _until(link, (by.starts or LATEST) - DAY))
    return found


def _until(link: Link, day: date) -> Link:
    return replace(link, ends=min(link.ends or LATEST, day))


def overlap(one: Link, other: Link) -> bool:
    """Whether both pass on the same action in the same place at the same time."""
    same_place = WORLD in (*one.territories, *other.territories) or bool(
        set(one.territories) & set(other.territories)
    )
    same_time = (one.starts or date.min) <= (other.ends or LATEST) and (
        other.starts or date.min
    ) <= (one.ends or LATEST)
    return same_place and same_time and bool(one.actions & other.actions)


def sentence(link: Link) -> str:
    """One line of the history, for people."""
    verb = VERBS[link.kind].format(
        party=link.party_name,
        grantor=link.grantor_name,
        what=_what(link),
        by=f", namely {link.grantor_name}" if link.grantor else "",
    )
    when = f"{link.starts}: {verb}" if link.starts else f"{verb[0].upper()}{verb[1:]} (no date)"
    return when + "".join(_conditions(link)) + "."


def _what(link: Link) -> str:
    if ALL in link.conveys or (not link.conveys and link.kind == "inheritance"):
        return "everything"
    return ", ".join(link.conveys) or "something that nobody has listed"


def _conditions(link: Link) -> Iterator[str]:
    if link.territories != (WORLD,):
        yield f", in {', '.join(link.territories)} only"
    if link.share is not None:
        yield f", {link.share.normalize():f} per cent"
    if link.ends:
        yield f", until {link.ends}"
    if link.grantor is None or link.kind in UNDOING:
        return
    if link.reserves:
        yield f"; {link.grantor_name} kept {', '.join(link.reserves)}"
    if set(ACTIONS) - link.actions - set(link.reserves):
        yield "; silent on everything else"
