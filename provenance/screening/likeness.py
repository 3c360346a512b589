"""Inside one set: groups of pictures that are alike, and works that outweigh the others. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from provenance.screening.exact.distances import as_words, packed, scan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from provenance.screening.looks import Look

WITHIN: Final = 31
"""Bits of PDQ; its makers' bound."""
MIN_QUALITY: Final = 50
HEAVY_SHARE: Final = 0.2
"""A work with more than this share of a set's pictures outweighs the others, or the half of them
in a set of few works."""
FEW_WORKS: Final = 5


@dataclass(frozen=True)
class Likeness:
    """What a curator should know about a set before it is trained on."""

    groups: tuple[tuple[str, ...], ...]
    """Keys of pictures that are alike, turned and mirrored ones too; in the set's order."""
    heavy: tuple[str, ...]
    """Works with more pictures than their share."""


def likeness(looks: Mapping[str, Look], works: Mapping[str, str | None]) -> Likeness:
    """Groups among `looks` by key, and heavy works among `works` by the same keys.

    Flat pictures are alike only where they are equal. Pictures that are each near to a third one
    are one group.
    """
    keys = list(looks)
    parents = list(range(len(keys)))
    for first, second in _pairs([looks[key] for key in keys]):
        parents[_root(parents, second)] = _root(parents, first)
    members: dict[int, list[str]] = defaultdict(list)
    for place, key in enumerate(keys):
        members[_root(parents, place)].append(key)
    groups = tuple(tuple(group) for group in members.values() if len(group) > 1)
    return Likeness(groups, _heavy(works.values()))


def _root(parents: list[int], place: int) -> int:
    while parents[place] != place:
        parents[place] = parents[parents[place]]
        place = parents[place]
    return place


def _pairs(looks: list[Look]) -> Iterable[tuple[int, int]]:
    """(earlier, later) of alike pictures: each picture's turned codes against those before it."""
    if len(looks) < 2:  # noqa: PLR2004 - a pair
        return
    codes = _words([look.pdq for look in looks])
    flat = np.array([look.quality < MIN_QUALITY for look in looks])
    shas = [look.normalised_sha256 for look in looks]
    first_of: dict[str, int] = {}
    for place, look in enumerate(looks):
        same = first_of.setdefault(shas[place], place) if shas[place] else place
        if same != place:
            yield same, place
        elif not flat[place]:
            turned = [scan(codes[:place], one, WITHIN) for one in _words(look.pdq_dihedral)]
            near = set(np.concatenate(turned).tolist())
            yield from ((other, place) for other in sorted(near) if not flat[other])


def _words(codes: Iterable[str]) -> NDArray[np.uint64]:
    """Codes as an array of shape (codes, 4)."""
    return as_words(packed(codes))


def _heavy(works: Iterable[str | None]) -> tuple[str, ...]:
    counted = Counter(work for work in works if work)
    share = HEAVY_SHARE if len(counted) >= FEW_WORKS else 0.5
    most = share * counted.total()
    return tuple(work for work, number in sorted(counted.items()) if number > most and number > 1)
