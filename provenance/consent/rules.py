"""What a grant may say, checked before it is stored. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

BY_HOLDERS = frozenset(
    {
        "train",
        "distribute-weights",
        "commercial-outputs",
        "further-train",
        "host-as-service",
        "display",
    }
)
BY_THE_PERSON = frozenset({"use-name", "use-likeness"})
NEEDED_TO_RELEASE = ("train", "distribute-weights")
"""What every request asks for: to train, and to give the model to others."""


@dataclass(frozen=True)
class Terms:
    """What a party permits, apart from whose works and to whom."""

    actions: tuple[str, ...]
    commercial: bool = False
    territories: tuple[str, ...] = ("world",)
    bases: tuple[str, ...] = ()
    not_before: date | None = None
    not_after: date | None = None
    credit_line: str = ""
    name_forms: tuple[str, ...] = ()


def objections(terms: Terms, *, is_person: bool, today: date) -> list[str]:
    """Sentences that say what is wrong with `terms`; an empty list where nothing is."""
    found = []
    unknown = set(terms.actions) - BY_HOLDERS - BY_THE_PERSON
    if not terms.actions:
        found.append("Choose at least one action to permit.")
    if unknown:
        known = ", ".join(sorted(BY_HOLDERS | BY_THE_PERSON))
        found.append(f"Unknown action: {', '.join(sorted(unknown))}. Known are {known}.")
    if set(terms.actions) & BY_THE_PERSON and not is_person:
        found.append("Only the person can permit the use of a name or likeness.")
    if "use-name" in terms.actions and not terms.name_forms:
        found.append("Say exactly which forms of the name may be used.")
    if terms.not_before and terms.not_after and terms.not_after < terms.not_before:
        found.append("The permission ends before it starts: correct one of the dates.")
    if terms.not_after and terms.not_after < today:
        found.append("The permission would already have ended: choose a later date.")
    if any(t != "world" and not (len(t) == 2 and t.isupper()) for t in terms.territories):  # noqa: PLR2004 - ISO 3166
        found.append('Territories are "world" or two-letter country codes such as DE.')
    return found
