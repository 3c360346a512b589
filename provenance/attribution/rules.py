"""What somebody states about a picture, and whether two pictures show the same work. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SAME_WORK_BITS: Final = 31
"""PDQ's authors' own threshold, of 256 bits."""
ENOUGH_DETAIL: Final = 50
"""PDQ quality below which flat pictures resemble each other by chance."""


@dataclass(frozen=True)
class Shown:
    """Somebody who can be recognised: by the party's id or a name; neither: nobody knows who."""

    name: str = ""
    party: str = ""
    minor: bool = False


@dataclass(frozen=True)
class Statement:
    """A declaration as people write it. Names are names of parties; nothing here is checked."""

    title: str = ""
    creators: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    licence: str = ""
    credit_line: str = ""
    source_url: str = ""
    collector: str = ""
    evidence: str = ""
    """Id of an Evidence record, or empty."""
    reference: str = ""
    made_by: str = "unknown"
    persons: str = "undeclared"
    persons_shown: tuple[Shown, ...] = ()
    warranted: bool = False
    """The uploader vouches for what is stated of this copy."""

    @property
    def about_work(self) -> tuple[object, ...]:
        """The part of it that is about the work, not about this copy."""
        return (*self.chain, self.title, self.credit_line, self.made_by)

    @property
    def chain(self) -> tuple[object, ...]:
        """What a check of evidence rests on: if any of it changes, it is another work's chain."""
        return (
            frozenset(self.creators),
            frozenset(self.holders),
            self.licence,
            self.evidence,
            self.reference,
        )


@dataclass(frozen=True)
class Look:
    """What a picture looks like, as far as the identity of a work needs it."""

    normalised_sha256: str
    pdq: str
    dihedral: tuple[str, ...]
    """Its PDQ as it is, turned and mirrored."""
    quality: int


def shows_same(one: Look, other: Look) -> bool:
    """The same pixels, or near fingerprints of two pictures that have enough detail."""
    if one.normalised_sha256 == other.normalised_sha256:
        return True
    if min(one.quality, other.quality) < ENOUGH_DETAIL:
        return False
    code = int(one.pdq, 16)
    turned = (int(other_code, 16) for other_code in (other.pdq, *other.dihedral))
    return min((code ^ seen).bit_count() for seen in turned) <= SAME_WORK_BITS


def people(text: str) -> tuple[str, ...]:
    """Names separated by semicolons, without blanks and doubles, in order."""
    found = (" ".join(name.split()) for name in text.split(";"))
    return tuple(dict.fromkeys(name for name in found if name))
