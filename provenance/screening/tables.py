"""Which pictures to protect: from a picture, a folder, a table of them, or fingerprints alone."""

from __future__ import annotations

import base64
import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.errors import InvalidError
from provenance.attribution.rules import people
from provenance.attribution.table import decode_table
from provenance.intake.reading import files_in, read_file
from provenance.screening.looks import Look, look_of_mark

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
    look: Look | None = None
    """Where the picture stays with its holder."""


def to_protect(source: Path, reference_column: str = "") -> list[ToProtect]:
    """Pictures below a folder, named by their stems, or those of a CSV with a column `path`.

    A CSV may have `title`, `creator` and `reference`; other columns are the holder's own. A file of
    JSON lines is what tools/fingerprint.py printed.
    """
    if source.is_dir():
        files = files_in(source)
        if not files:
            raise InvalidError(
                "empty_folder", f"There is no file in the folder {source}.", "Put pictures into it."
            )
        return [ToProtect(path, path.stem, path.stem) for path in files]
    if source.suffix.lower() == ".jsonl":
        return _from_marks(source)
    if source.suffix.lower() != ".csv":
        return [ToProtect(source, source.stem, source.stem)]
    return _from_table(source, reference_column)


def _from_marks(source: Path) -> list[ToProtect]:
    text = decode_table(read_file(source, f"The file {source}"))
    return [_mark(line, number, source) for number, line in enumerate(text.splitlines(), start=1)]


def _mark(line: str, number: int, source: Path) -> ToProtect:
    try:
        body = json.loads(line)
        features = base64.b64decode(body["features"], validate=True)
        look = look_of_mark(str(body["pdq"]), int(body["quality"]), features)
        reference = str(body["reference"])
    except (ValueError, TypeError, KeyError) as error:
        raise InvalidError(
            "bad_line",
            f"Line {number} of {source} is not what tools/fingerprint.py prints.",
            "Make the file anew with it.",
        ) from error
    return ToProtect(source, reference, reference, look=look)


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
