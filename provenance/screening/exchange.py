"""Lists of codes in the shapes that other systems read and write: CSV, and ThreatExchange's JSON.

Pure. PDQ codes travel; pictures, names of parties and evidence do not.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

TYPE: Final = "HASH_PDQ"
COLUMNS: Final = ("hash", "type", "label", "quality", "iscc")
CODE: Final = re.compile(r"[0-9a-f]{64}")
LONGEST_LIST: Final = 1_000_000


class ExchangeError(ValueError):
    """A list that cannot be read; the sentence names the line."""


@dataclass(frozen=True)
class Listed:
    """One code of a list."""

    pdq: str
    """64 hexadecimal digits, lower case."""
    label: str = ""
    quality: int = 100
    """Lists seldom say it: their makers leave flat pictures out."""
    iscc: str = ""


def to_csv(entries: Iterable[Listed]) -> str:
    """With a header; a reader that knows only `hash` finds it in the first column."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([one.pdq, TYPE, one.label, one.quality, one.iscc] for one in entries)
    return out.getvalue()


def to_json(entries: Iterable[Listed]) -> str:
    """As ThreatExchange answers: {"data": [{"indicator", "type", "tags", ...}]}."""
    data = [
        {
            "indicator": one.pdq,
            "type": TYPE,
            "tags": [one.label] if one.label else [],
            "quality": one.quality,
            "iscc": one.iscc,
        }
        for one in entries
    ]
    return json.dumps({"data": data}, indent=1)


def read_list(text: str) -> list[Listed]:
    """The PDQ codes of a list in either shape, or of one code a line. Raises ExchangeError."""
    stripped = text.lstrip("\ufeff").strip()
    rows = _json_rows(stripped) if stripped[:1] in "[{" and stripped else _csv_rows(stripped)
    if not rows:
        raise ExchangeError("The list has no PDQ code. Give a column 'hash', or one code a line.")
    if len(rows) > LONGEST_LIST:
        raise ExchangeError(f"The list has more than {LONGEST_LIST} codes. Send it in parts.")
    return [_listed(place, row) for place, row in rows]


def _json_rows(text: str) -> list[tuple[str, dict[str, Any]]]:
    try:
        body = json.loads(text)
    except ValueError as error:
        raise ExchangeError(f"This is no JSON: {error}.") from error
    data = body.get("data") if isinstance(body, dict) else body
    if not isinstance(data, list) or not all(isinstance(one, dict) for one in data):
        raise ExchangeError('A JSON list is [{"indicator": …}] or {"data": [...]}.')
    return [
        (f"entry {number}", {"hash": one.get("indicator"), "label": _tags(one), **one})
        for number, one in enumerate(data, start=1)
        if one.get("type", TYPE) == TYPE and not one.get("should_delete")
    ]


def _tags(one: dict[str, Any]) -> str:
    tags = one.get("tags")
    return " ".join(map(str, tags)) if isinstance(tags, list) else ""


def _csv_rows(text: str) -> list[tuple[str, dict[str, Any]]]:
    lines = text.splitlines()
    if lines and "hash" not in lines[0].lower().split(","):
        lines = ["hash", *lines]
    reader = csv.DictReader(lines)
    return [
        (f"line {reader.line_num}", row)
        for row in reader
        if (row.get("type") or TYPE).upper() in {TYPE, "PDQ"}
    ]


def _listed(place: str, row: dict[str, Any]) -> Listed:
    code = str(row.get("hash") or "").strip().lower()
    quality = str(row.get("quality") or 100)
    if not CODE.fullmatch(code) or not quality.isdecimal():
        raise ExchangeError(f"In {place}, {code[:80]!r} is no PDQ code of 64 hexadecimal digits.")
    label = str(row.get("label") or "")[:200]
    return Listed(code, label, min(int(quality), 100), str(row.get("iscc") or "")[:80])
