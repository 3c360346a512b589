"""Which pictures to protect: from a picture, a folder, or a table of them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.errors import InvalidError
from provenance.attribution.rules import people
from provenance.attribution.table import decode_table
from provenance.intake.reading import files_in, read_file

if TYPE_CHECKING:
    from pathlib import Path

REFERENCE = "reference"


@dataclass(frozen=True)
class ToProtect:
    """One picture as its holder names it."""

    path: Path
    title: str
    reference: str
    creators: tuple[str, ...] = ()


def to_protect(source: Path, reference_column: str = "") -> list[ToProtect]:
    """Pictures below a folder, named by their stems, or those of a CSV with a column `path`.

    A CSV may have `title`, `creator` and `reference`; other columns are the holder's own.
    """
    if source.is_dir():
        files = files_in(source)
        if not files:
            raise InvalidError(
                "empty_folder", f"There is no file in the folder {source}.", "Put pictures into it."
            )
        return [ToProtect(path, path.stem, path.stem) for path in files]
    if source.suffix.lower() != ".csv":
        return [ToProtect(source, source.stem, source.stem)]
    return _from_table(source, reference_column)


def _from_table(source: Path, reference_column: str) -> list[ToProtect]:
    table = decode_table(read_file(source, f"The table {source}"))
    reader = csv.DictReader(io.StringIO(table))
    columns = [name.strip() for name in reader.fieldnames or []]
    reader.fieldnames = columns
    for needed in ("path", *([reference_column] if reference_column else [])):
        if needed not in columns:
            raise InvalidError(
                "missing_column",
                f"The table has no column {needed!r}.",
                f"Its columns are: {', '.join(columns)}.",
            )
    rows = [_row(cells, reader.line_num, source.parent, reference_column) for cells in reader]
    if not rows:
        raise InvalidError("empty_table", "The table has no rows.", "Add a line for each picture.")
    return rows


def _row(
    cells: dict[str | None, str | None], line: int, folder: Path, reference_column: str
) -> ToProtect:
    filled = {name: text.strip() for name, text in cells.items() if name and isinstance(text, str)}
    if not filled.get("path"):
        raise InvalidError("bad_line", f"Line {line} names no file in the column 'path'.")
    path = folder / filled["path"]
    reference = filled.get(reference_column or REFERENCE) or path.stem
    title = filled.get("title") or reference
    return ToProtect(path, title, reference, people(filled.get("creator", "")))
