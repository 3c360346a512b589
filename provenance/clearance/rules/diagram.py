"""Small drawings (SVG) of boxes and arrows: picture, work, holder, permission."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provenance.clearance.rules.explain import Account

WIDE, TALL, GAP_X, GAP_Y = 200, 44, 40, 14
LETTERS: Final = 27
Box = tuple[int, int, str, str, str]
"""Column, row, first line, second line, class."""


def diagram(account: Account) -> str:
    """An SVG of the account; every box says in words what its colour says."""
    return draw(*_layout(account), f"From {account.label} to its permissions")


def draw(boxes: list[Box], arrows: list[tuple[Box, Box]], told: str) -> str:
    """An SVG that needs no style sheet; `told` is what it shows, for whoever does not see it."""
    rows = 1 + max(box[1] for box in boxes)
    columns = 1 + max(box[0] for box in boxes)
    width, height = columns * (WIDE + GAP_X) - GAP_X + 2, rows * (TALL + GAP_Y) + 2
    lines = "".join(_arrow(*pair) for pair in arrows)
    drawn = "".join(_box(box) for box in boxes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-label="{escape(told)}" '
        f'font-family="sans-serif" font-size="12">{lines}{drawn}</svg>'
    )


def _layout(account: Account) -> tuple[list[Box], list[tuple[Box, Box]]]:
    start: Box = (0, 0, account.label, "picture", "plain")
    boxes, arrows, row = [start], [], 0
    for work in account.works:
        shown: Box = (1, row, work.title, work.shown, "plain")
        boxes.append(shown)
        arrows.append((start, shown))
        for step in work.steps:
            holder: Box = (2, row, step.holder, step.title, "plain")
            by = step.licence or (f"grant {step.grant[:8]}" if step.grant else "nothing on record")
            end: Box = (3, row, by, step.says, "yes" if step.passes else "no")
            boxes += [holder, end]
            arrows += [(shown, holder), (holder, end)]
            row += 1
        row += not work.steps
    return boxes, arrows


def _place(box: Box) -> tuple[int, int]:
    return box[0] * (WIDE + GAP_X) + 1, box[1] * (TALL + GAP_Y) + 1


def _arrow(one: Box, other: Box) -> str:
    (x1, y1), (x2, y2) = _place(one), _place(other)
    start, end, middle = x1 + WIDE, x2, TALL // 2
    return (
        f'<path d="M{start} {y1 + middle} C{start + 20} {y1 + middle} {end - 20} {y2 + middle} '
        f'{end} {y2 + middle}" fill="none" stroke="#666"/>'
    )


def _box(box: Box) -> str:
    x, y = _place(box)
    stroke = {"yes": "#1a7f37", "no": "#b42318"}.get(box[4], "#666")
    return (
        f'<rect x="{x}" y="{y}" width="{WIDE}" height="{TALL}" rx="5" fill="#fff" '
        f'stroke="{stroke}"/>{"".join(_words(x, y, box))}'
    )


def _words(x: int, y: int, box: Box) -> Iterator[str]:
    for line, text in enumerate((box[2], box[3])):
        short = text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…"
        fill = "#1b1b1b" if line == 0 else "#555"
        yield f'<text x="{x + 8}" y="{y + 18 + 16 * line}" fill="{fill}">{escape(short)}</text>'
