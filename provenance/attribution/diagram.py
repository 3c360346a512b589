"""A small drawing of a chain of title: a box for each link, beside that of whoever gave. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provenance.clearance.rules.diagram import Box, draw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from provenance.attribution.links import Link


def diagram(links: Sequence[Link]) -> str:
    """An SVG of the links in order, roots first; "" where nothing was ever passed on."""
    if all(link.grantor is None for link in links):
        return ""
    boxes: list[Box] = []
    arrows: list[tuple[Box, Box]] = []
    latest: dict[str, Box] = {}
    for link in links:
        giver = latest.get(link.grantor or "")
        if giver is None and link.grantor is not None:
            giver = latest[link.grantor] = (0, _free(boxes), link.grantor_name, "", "plain")
            boxes.append(giver)
        column = giver[0] + 1 if giver else 0
        taken = giver is None or any(one is giver for one, _ in arrows)
        row = _free(boxes) if giver is None or taken else giver[1]
        kind = link.kind.replace("-", " ")
        how = f"{kind} {link.starts.year}" if link.starts else kind
        box: Box = (column, row, link.party_name, how, "plain")
        boxes.append(box)
        latest[link.party] = box
        arrows += [(giver, box)] if giver else []
    return draw(boxes, arrows, "The list above, drawn from the first holder on")


def _free(boxes: list[Box]) -> int:
    return 1 + max((box[1] for box in boxes), default=-1)
