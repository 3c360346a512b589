"""Columns read as text: objects for ids and JSON values cost a third of reading a large set."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Final

from django.db.models import TextField
from django.db.models.functions import Cast

HEX: Final = 32


def text(name: str) -> Cast:
    """An id's or JSON value's column, for `values_list`; read it with `ident` or `words`."""
    return Cast(name, TextField())


def ident(value: str | None) -> str | None:
    """An id with its hyphens, which SQLite keeps without; None stays None."""
    if value is None or len(value) != HEX:
        return value
    return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


@lru_cache(maxsize=4096)
def words(value: str) -> tuple[str, ...]:
    """A JSON list of words, sorted."""
    return tuple(sorted(json.loads(value)))
