"""Declarations as a table: the CSV that people fill in, read strictly and checked as a whole."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any, Final

from accounts.errors import InvalidError
from provenance.attribution.rules import Shown, people

COLUMNS: Final = (
    "path",
    "title",
    "creator",
    "holder",
    "licence",
    "credit_line",
    "source_url",
    "evidence",
    "reference",
)
PERSONS: Final = ("persons", "persons_shown")
"""Columns that a table may have besides: none, crowd or identifiable; and who, by name."""
MINOR: Final = "(minor)"
"""Written after the name of a person shown who is one."""
NAMES: Final = {"creator": "creators", "holder": "holders"}
TEMPLATE: Final = ",".join(COLUMNS) + "\n"


@dataclass(frozen=True)
class Row:
    """One line: which file, and what is stated of it (only the cells that were filled in)."""

    line: int
    path: str
    changes: dict[str, Any]


def read_table(text: str) -> list[Row]:
    """The rows of a CSV with a header. Raises InvalidError naming the column or the line."""
    try:
        reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), strict=True)
        header = [name.strip() for name in reader.fieldnames or []]
        _require_known(header)
        reader.fieldnames = header
        rows = [_row(reader.line_num, cells) for cells in reader if any(cells.values())]
    except csv.Error as error:
        raise InvalidError("bad_table", f"This is not a CSV file: {error}.") from error
    if not rows:
        raise InvalidError("empty_table", "The table has no rows.", "Add a line for each picture.")
    _require_once(rows)
    return rows


def decode_table(data: bytes) -> str:
    """The text of an uploaded table; InvalidError where it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidError(
            "bad_table", "The table is not UTF-8 text.", "Save it as “CSV UTF-8”."
        ) from error


def _require_known(header: list[str]) -> None:
    known = ", ".join((*COLUMNS, *PERSONS))
    unknown = [name for name in header if name not in (*COLUMNS, *PERSONS)]
    if unknown:
        raise InvalidError(
            "unknown_column",
            f"The table has an unknown column: {', '.join(repr(n) for n in unknown)}.",
            f"Known columns are: {known}.",
        )
    if "path" not in header:
        raise InvalidError(
            "missing_column", "The table has no column 'path'.", f"Known columns are: {known}."
        )
    if len(set(header)) != len(header):
        raise InvalidError("double_column", "The table has the same column twice.")


def _row(line: int, cells: dict[str | Any, str | Any]) -> Row:
    if None in cells or None in cells.values():
        raise InvalidError("bad_line", f"Line {line} has not as many cells as the header.")
    filled = {name: text.strip() for name, text in cells.items() if text.strip()}
    path = filled.pop("path", "")
    if not path:
        raise InvalidError("bad_line", f"Line {line} names no file in the column 'path'.")
    changes: dict[str, Any] = {
        NAMES.get(name, name): people(text) if name in NAMES else text
        for name, text in filled.items()
    }
    if "persons_shown" in changes:
        changes["persons_shown"] = shown(changes["persons_shown"])
    return Row(line, path, changes)


def shown(text: str) -> tuple[Shown, ...]:
    """Persons separated by semicolons; "(minor)" after a name, "?" for somebody unknown."""
    return tuple(
        Shown(name=name.removesuffix(MINOR).strip(" ?"), minor=name.endswith(MINOR))
        for name in people(text)
    )


def _require_once(rows: list[Row]) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        if row.path in seen:
            raise InvalidError(
                "double_line", f"Lines {seen[row.path]} and {row.line} both name {row.path!r}."
            )
        seen[row.path] = row.line
