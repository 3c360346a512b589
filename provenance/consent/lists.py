"""Lists of reservations as people send them. Pure."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from accounts.errors import InvalidError

COLUMNS: Final = ("work", "reference", "url_prefix", "statement", "stated_on")
TARGETS: Final = ("work", "reference", "url_prefix")
MOST_LINES, MOST_CHARACTERS = 10_000, 5_000_000


@dataclass(frozen=True)
class Line:
    """What one line forbids: a work by id or reference, or what lies at an address."""

    number: int
    work: UUID | None = None
    reference: str = ""
    url_prefix: str = ""
    statement: str = ""
    stated_on: date | None = None


def read_list(text: str) -> list[Line]:
    """The lines of a CSV with a header; InvalidError names every line that is wrong."""
    if len(text) > MOST_CHARACTERS:
        raise InvalidError("list_too_long", f"A list has at most {MOST_CHARACTERS:,} characters.")
    try:
        reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), strict=True)
        _require_header(reader.fieldnames)
        cells = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise InvalidError("bad_list", f"This is not a CSV file: {error}.") from error
    if not 1 <= len(cells) <= MOST_LINES:
        raise InvalidError(
            "bad_list", f"The list has {len(cells)} lines; 1 to {MOST_LINES} can be."
        )
    lines, wrong = [], []
    for number, row in cells:
        try:
            lines.append(_line(number, row))
        except ValueError as error:
            wrong.append(f"Line {number}: {error}")
    if wrong:
        more = f" And {len(wrong) - 10} more." if len(wrong) > 10 else ""  # noqa: PLR2004
        raise InvalidError(
            "bad_lines", " ".join(wrong[:10]) + more, "Nothing was imported: mend these first."
        )
    return lines


def _require_header(names: object) -> None:
    header = list(names) if isinstance(names, list | tuple) else []
    strange = [str(name) for name in header if name not in COLUMNS]
    doubled = len(set(header)) != len(header)
    if strange or doubled or not set(header) & set(TARGETS):
        what = (
            f"an unknown column, {strange[0][:40]!r}" if strange else "no column of what it forbids"
        )
        raise InvalidError(
            "bad_header",
            f"The list has {'a column twice' if doubled else what}.",
            f"The columns are some of: {', '.join(COLUMNS)}.",
        )


def _line(number: int, row: dict[str, str]) -> Line:
    if None in row or None in row.values():
        raise ValueError("it has not as many cells as the header.")
    cells = {name: text.strip() for name, text in row.items()}
    if not any(cells.get(name) for name in TARGETS):
        raise ValueError("it names neither a work nor an address.")
    if cells.get("url_prefix") and (cells.get("work") or cells.get("reference")):
        raise ValueError("it names a work and an address: write a line for each.")
    return Line(
        number,
        _work(cells.get("work", "")),
        cells.get("reference", ""),
        cells.get("url_prefix", ""),
        cells.get("statement", ""),
        _day(cells.get("stated_on", "")),
    )


def _work(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise ValueError(f"{text[:40]!r} is not the id of a work.") from error


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ValueError(f"{text[:40]!r} is not a day such as 2024-12-31.") from error
