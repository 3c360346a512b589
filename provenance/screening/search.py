"""Exact search: every protected code within a distance of a picture or of its turned versions.

Compares with each code in turn, so nothing within the distance can be missed; an index for
millions of codes may take its place later and must then find the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from provenance.screening.fingerprints import TRANSFORMS, Fingerprint
from provenance.screening.rules import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

WITHIN_PDQ = 92
WITHIN_PHASH = 12
"""Wider than any threshold of the rules: what is found and not marked is shown as faint."""


class Row(NamedTuple):
    """One protected code. `key` is the caller's own name for the picture; rows may share it."""

    key: str
    pdq: str
    phash: str
    quality: int


def rows_of(key: str, fingerprint: Fingerprint) -> list[Row]:
    """The rows that protect a picture: its own codes and those of its crops."""
    pdqs = (fingerprint.pdq, *fingerprint.pdq_crops)
    phashes = (fingerprint.phash, *fingerprint.phash_crops)
    return [
        Row(key, pdq, phash, fingerprint.quality) for pdq, phash in zip(pdqs, phashes, strict=True)
    ]


class Index:
    """Immutable; may be shared by threads. Build a new one when the rows change."""

    def __init__(self, rows: Iterable[Row]) -> None:
        rows = tuple(rows)
        self._keys = tuple(row.key for row in rows)
        self._qualities = tuple(row.quality for row in rows)
        self._pdq = _codes([row.pdq for row in rows], 4)
        self._phash = _codes([row.phash for row in rows], 1)

    def __len__(self) -> int:
        return len(self._keys)

    def query(
        self,
        fingerprint: Fingerprint,
        *,
        within_pdq: int = WITHIN_PDQ,
        within_phash: int = WITHIN_PHASH,
    ) -> list[Candidate]:
        """Every key with a row whose PDQ or pHash is within its bound for one of eight versions.

        Both distances are those of one row and one version: of those within a bound, the pair
        with the least PDQ distance. Sorted by PDQ distance, pHash distance and key.
        """
        pdq = _distances(self._pdq, fingerprint.pdq_dihedral)
        phash = _distances(self._phash, fingerprint.phash_dihedral)
        near = (pdq <= within_pdq) | (phash <= within_phash)
        # A version within neither bound sorts last; pHash decides between equal PDQ distances.
        order = np.where(near, pdq * 65 + phash, np.iinfo(np.int64).max)
        best = order.argmin(axis=0)
        found = [
            Candidate(
                key=self._keys[row],
                pdq_distance=int(pdq[best[row], row]),
                phash_distance=int(phash[best[row], row]),
                transform=TRANSFORMS[best[row]],
                quality=self._qualities[row],
            )
            for row in np.flatnonzero(near.any(axis=0))
        ]
        found.sort(key=lambda c: (c.pdq_distance, c.phash_distance, c.key))
        nearest: dict[str, Candidate] = {}
        for candidate in found:
            nearest.setdefault(candidate.key, candidate)
        return list(nearest.values())


def _codes(codes: Iterable[str], words: int) -> NDArray[np.uint64]:
    """Hexadecimal codes as an array of shape (codes, words), 64 bits a word."""
    packed = bytes.fromhex("".join(codes))
    return np.frombuffer(packed, dtype=">u8").astype(np.uint64).reshape(-1, words)


def _distances(codes: NDArray[np.uint64], versions: tuple[str, ...]) -> NDArray[np.int64]:
    """Bits that differ, of shape (versions, codes)."""
    wanted = _codes(versions, codes.shape[1])
    return np.stack(
        [np.bitwise_count(codes ^ version).sum(axis=1, dtype=np.int64) for version in wanted]
    )
