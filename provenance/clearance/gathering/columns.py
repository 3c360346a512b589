"""Columns read as text: objects for every id, date and JSON value cost a third of the reading."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from typing import Any, Final

from django.db.models import TextField
from django.db.models.functions import Cast

HEX: Final = 32


def text(name: str) -> Cast:
    """A column for `values_list`, whose values `ident`, `words` or `day` then read."""
    return Cast(name, TextField())


def ident(value: Any) -> Any:
    """An id with its hyphens, which SQLite keeps without; None stays None."""
    if value is None or len(value) != HEX:
        return value
    return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


@lru_cache(maxsize=4096)
def words(value: str) -> tuple[str, ...]:
    """A JSON list of words, sorted."""
    return tuple(sorted(json.loads(value)))


def day(value: str | None) -> date | None:
    """A date; None stays None."""
    return None if value is None else date.fromisoformat(value)
