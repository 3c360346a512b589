"""What is asked for."""

from __future__ import annotations

from dataclasses import dataclass

WORLD = "world"


@dataclass(frozen=True)
class Use:
    """What is asked for: the actions, by whom, on which base, under which name and texts."""

    applicant: str
    actions: tuple[str, ...]
    purpose: str
    purposes: tuple[str, ...] = ()
    """Kinds of purpose (research, product, ...), where a permission is for some only."""
    recipients: str = "public"
    """Who gets the weights: "applicant", "registered" or "public"."""
    commercial: bool = False
    territories: tuple[str, ...] = (WORLD,)
    base: str | None = None
    request: str = ""
    """Id of the request that it is part of: its own model is not counted twice."""
    texts: tuple[tuple[str, str], ...] = ()
    """Name-bearing texts as (place, text); places: owner, name, token, prompt, set."""
