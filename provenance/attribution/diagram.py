"""A small drawing of a chain of title: a row for each party, an arrow for each link. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from provenance.attribution.links import Link

ROW: Final = 64
BOX: Final = 34
LONGEST: Final = 26


@dataclass(frozen=True)
class Box:
    """A party at its height."""

    name: str
    top: int
    middle: int


@dataclass(frozen=True)
class Arrow:
    """A link from one row to another; `bow` says how far it swings out, in units of the drawing."""

    label: str
    start: int
    end: int
    bow: int
    middle: int


@dataclass(frozen=True)
class Diagram:
    """Boxes and arrows in a drawing 340 wide and `height` high."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    height: int


def diagram(links: Sequence[Link]) -> Diagram:
    """Parties in the order in which they appear, roots first."""
    names: dict[str, str] = {}
    for link in links:
        if link.grantor is not None:
            names.setdefault(link.grantor, link.grantor_name)
        names.setdefault(link.party, link.party_name)
    rows = {party: number for number, party in enumerate(names)}
    boxes = tuple(
        Box(_short(names[p]), n * ROW + 8, n * ROW + 8 + BOX // 2) for p, n in rows.items()
    )
    arrows = tuple(
        _arrow(link, boxes[rows[link.grantor]].middle, boxes[rows[link.party]].middle, number)
        for number, link in enumerate(link for link in links if link.grantor is not None)
        if link.grantor is not None
    )
    return Diagram(boxes, arrows, max(len(boxes), 1) * ROW)


def _arrow(link: Link, start: int, end: int, number: int) -> Arrow:
    label = link.kind.replace("-", " ")
    when = f"{label} {link.starts.year}" if link.starts else label
    return Arrow(when, start + 4, end - 4, 232 + 8 * (number % 4), (start + end) // 2 + 4)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
