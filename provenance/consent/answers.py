"""What an answer says, as it is kept until it is confirmed, and what a standing answer covers.

Pure. Dates are kept as ISO 8601, all else as JSON has it.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from provenance.consent.rules import Terms, duty_of, duty_record

if TYPE_CHECKING:
    from collections.abc import Iterable

CONFIRMED_TWICE = frozenset({"use-name", "distribute-weights"})
"""What one click on a link does not permit: the contact on record is asked once more."""
NARROWING = ("bases", "purposes", "recipients", "max_models", "not_before")
"""Constraints that a request says nothing of: with one of these, the party itself decides."""


def needs_confirmation(terms: Terms, *, all_works: bool) -> bool:
    """Whether a second message to the contact on record has to confirm this yes."""
    return all_works or bool(CONFIRMED_TWICE & set(terms.actions))


def to_json(terms: Terms) -> dict[str, Any]:
    """`terms` as JSON keeps them."""
    kept = {field.name: getattr(terms, field.name) for field in fields(Terms)}
    kept |= {k: v.isoformat() for k, v in kept.items() if isinstance(v, date)}
    kept |= {k: list(v) for k, v in kept.items() if isinstance(v, tuple)}
    return kept | {"duties": [duty_record(duty) for duty in terms.duties]}


def from_json(kept: dict[str, Any]) -> Terms:
    """The terms that `to_json` kept."""
    values: dict[str, Any] = {}
    for field in fields(Terms):
        if field.name in kept:
            value = kept[field.name]
            if isinstance(value, list):
                value = tuple(value)
            elif isinstance(value, str) and str(field.type).startswith("date"):
                value = date.fromisoformat(value)
            values[field.name] = value
    values["duties"] = tuple(duty_of(duty) for duty in kept.get("duties", ()))
    return Terms(**values)


def fits(kept: dict[str, Any], actions: Iterable[str], *, commercial: bool, today: date) -> bool:
    """Whether a use, anywhere in the world, lies within the terms of a standing answer."""
    terms = from_json(kept)
    return (
        set(actions) <= set(terms.actions)
        and (terms.commercial or not commercial)
        and (not terms.territories or "world" in terms.territories)
        and (terms.not_after is None or terms.not_after >= today)
        and not any(kept.get(name) for name in NARROWING)
    )
