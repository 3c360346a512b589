"""Terms of permissions as people say them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django import template

from provenance.attribution.places import WORLD
from provenance.models import Action

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provenance.models import Work

register = template.Library()
WORDS = dict(Action.choices)


@register.filter
def in_words(actions: Iterable[str]) -> str:
    """Training first, as everything else follows from it."""
    known = [label for action, label in WORDS.items() if action in set(actions)]
    return ", ".join(map(str, known))


@register.filter
def places(territories: Iterable[str]) -> str:
    """Countries by their codes, or anywhere."""
    named = list(territories)
    return "anywhere" if not named or WORLD in named else ", ".join(named)


@register.filter
def titles(works: Iterable[Work]) -> str:
    """Each title once, and how many works have it."""
    counted = Counter(str(work) for work in works)
    return ", ".join(f"{title}{times(count)}" for title, count in counted.items())


def times(count: int) -> str:
    """What stands behind a title that several works have."""
    return f" ({count} works)" if count > 1 else ""
