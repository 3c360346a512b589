"""How a code is cut into bands, and which keys of each band to look up for a distance.

The pigeonhole principle: if each band i is looked up with up to t_i flipped bits, a code that
none of them finds differs by at least the sum of (t_i + 1). So with that sum above the distance
asked for, nothing within it is missed. (Norouzi, Punjani and Fleet, 2012, "Fast search in
Hamming space with multi-index hashing"; unequal t_i after Qin and others, 2018.)
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from provenance.screening.exact.distances import BITS

if TYPE_CHECKING:
    from provenance.screening.exact.distances import Codes, Places

FEW = 2_000_000
"""Codes up to which many narrow bands are faster than few wide ones, and 20 times smaller."""


class Plan(NamedTuple):
    """`bands` neighbouring bands of `width` bits each; bits beyond the last are in none."""

    bands: int
    width: int

    @property
    def keys(self) -> int:
        """All keys of all bands: band b's key k has the number (b << width) | k."""
        return self.bands << self.width


NARROW, WIDE = Plan(16, 16), Plan(11, 23)


def plan_for(codes: int) -> Plan:
    """How to cut so many different codes."""
    return NARROW if codes <= FEW else WIDE


def keys_of(plan: Plan, codes: Codes, band: int) -> Places:
    """The number of each code's key in one band: of (n, 32) bytes, integers (n,)."""
    bit = band * plan.width
    byte = min(bit // 8, BITS // 8 - 4)  # four bytes hold any band, the last ones those at the end
    four = np.ascontiguousarray(codes[:, byte : byte + 4]).view(">u4")[:, 0].astype(np.int64)
    key = (four >> (32 - plan.width - (bit - 8 * byte))) & ((1 << plan.width) - 1)
    return key | (band << plan.width)


def flips(plan: Plan, within: int) -> list[int]:
    """Up to how many bits to flip in each band, -1 for a band that need not be looked at."""
    least, more = divmod(within + 1, plan.bands)
    return [least - (band >= more) for band in range(plan.bands)]


@cache
def probes(plan: Plan, within: int) -> tuple[Places, Places]:
    """The band and the mask of every key to look up for one query; both read-only."""
    masks = [
        [sum(1 << bit for bit in bits) for n in range(most + 1) for bits in _choose(plan, n)]
        for most in flips(plan, within)
    ]
    band = np.repeat(np.arange(plan.bands), [len(some) for some in masks])
    mask = np.array([one for some in masks for one in some], np.int64)
    band.flags.writeable = mask.flags.writeable = False
    return band, mask


def _choose(plan: Plan, n: int) -> combinations[tuple[int, ...]]:
    return combinations(range(plan.width), n)
