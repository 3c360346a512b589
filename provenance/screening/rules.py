"""Does a picture show a listed one? What both stages found in, a decision with words out.

Pure: no clock, no database, no arithmetic on pixels. The score is calibrated and the thresholds
are measured: benchmarks/screening, docs/screening.md, docs/adr/0009.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from provenance.screening.local import Verified

Outcome = Literal["clear", "possible", "match", "discounted"]


@dataclass(frozen=True)
class Thresholds:
    """Where a score becomes an outcome. Each bound is included."""

    version: str = "screening/3"
    match_at: float = 0.7
    possible_at: float = 0.3
    min_quality: int = 50
    """Of PDQ: below it its authors call a code meaningless, flat pictures all agree."""
    min_features: int = 12
    """A picture with fewer has too little in it that a part of it could be known by."""
    pdq_match: int = 31
    """PDQ's published bound: a copy of the whole picture."""
    flat_match: int = 12
    """The same for pictures of little detail; unrelated ones were never nearer than 50 bits."""
    flat_quality: int = 20
    """Below it a code means nothing at all."""


@dataclass(frozen=True)
class Candidate:
    """A listed picture that may be shown by the one in question."""

    key: int
    """The caller's own number for it."""
    pdq_distance: int
    """Bits of 256, of the nearest of eight turned and mirrored versions; 256 where not known."""
    transform: str
    quality: int
    """PDQ's, of the listed picture."""
    verified: Verified | None = None
    """Where their features lie the same way, if enough do."""
    variant: str = "none"
    exact: bool = False
    """The normalised pictures are equal byte for byte."""
    common: float = 0.0
    """0..1: the share of what both show that is a known common element."""
    match_at: float | None = None
    possible_at: float | None = None
    """The bank's own thresholds, where it has some."""


@dataclass(frozen=True)
class Match:
    """What one candidate amounts to."""

    candidate: Candidate
    outcome: Outcome
    score: float
    """0..1: how sure it is that one shows the other, by the calibration."""
    method: str
    """sha256, pdq, features, pdq+features or low-information."""
    sentence: str

    @property
    def region(self) -> dict[str, Any] | None:
        """Corners [x, y] in 0..1 of what both show, in either; None for a whole picture."""
        shown = self.candidate.verified
        return {"image": shown.in_query, "listed": shown.in_listed} if shown else None


@dataclass(frozen=True)
class Screening:
    """The answer for one picture; `matches` are sorted, surest first."""

    outcome: Outcome
    reason: str
    sentence: str
    matches: tuple[Match, ...]
    thresholds: str
    """Version of the thresholds it was decided by."""


TOO_FLAT = (
    "This picture has too little detail to tell it from others by its looks; a person must decide."
)
NOTHING_NEAR = "No protected work on record looks like this picture."
COMMON = 0.8
"""Share of a match that known common elements may cover before it proves nothing."""


def screen(
    quality: int,
    candidates: Sequence[Candidate],
    *,
    features: int = 10**6,
    thresholds: Thresholds = Thresholds(),
) -> Screening:
    """Decide about a picture of this PDQ quality and number of features.

    A picture with too little detail is never clear: it cannot be told from others.
    """
    version = thresholds.version
    judged = (judge(candidate, quality, thresholds) for candidate in candidates)
    matches = tuple(sorted(judged, key=_surest_first))
    first = {m.outcome: m for m in reversed(matches)}
    if best := first.get("match"):
        return Screening("match", best.method, best.sentence, matches, version)
    if quality < thresholds.min_quality or features < thresholds.min_features:
        return Screening("possible", "low_information", TOO_FLAT, matches, version)
    if best := first.get("possible"):
        return Screening("possible", best.method, best.sentence, matches, version)
    return Screening("clear", "no_match", NOTHING_NEAR, matches, version)


def _surest_first(match: Match) -> tuple[float, int, int, int]:
    """Of equal scores, as many sure ones have, whatever shows more details comes first."""
    one = match.candidate
    inliers = one.verified.inliers if one.verified else 0
    return -match.score, -inliers, one.pdq_distance, one.key


def judge(
    candidate: Candidate,
    quality: int,
    thresholds: Thresholds = Thresholds(),
) -> Match:
    """What one candidate amounts to for a picture of this PDQ quality.

    1. equal bytes, 2. a common element, 3. the whole picture by its code, 4. a flat picture near a
    code, which means little, 5. the calibrated score of what both stages saw.
    """
    if candidate.exact:  # 1
        sentence = "This is the very picture that is listed."
        return Match(candidate, "match", 1.0, "sha256", sentence)
    shown = candidate.verified
    flat = is_flat(candidate, quality, thresholds)
    whole = candidate.pdq_distance <= thresholds.pdq_match
    method = "features" if shown else "pdq"
    method = "pdq+features" if shown and whole else method
    score = min(round(_score(candidate, flat=flat), 4), SUREST)
    if candidate.common >= COMMON:  # 2
        sentence = "What both pictures show is a common element on record, which proves nothing."
        return Match(candidate, "discounted", score, method, sentence)
    if whole and (not flat or _same_flat(candidate, quality, thresholds)):  # 3
        sentence = f"This picture is a copy of a listed one{_turned(candidate.transform)}."
        return Match(candidate, "match", max(score, WHOLE), method, sentence)
    if whole and score < _bound(candidate.possible_at, thresholds.possible_at):  # 4
        return Match(candidate, "possible", thresholds.possible_at, "low-information", TOO_FLAT)
    if score >= _bound(candidate.match_at, thresholds.match_at):  # 5
        return Match(candidate, "match", score, method, _in_words(candidate, "shows"))
    if score >= _bound(candidate.possible_at, thresholds.possible_at):
        return Match(candidate, "possible", score, method, _in_words(candidate, "may show"))
    sentence = "The resemblance is too faint to mean anything."
    return Match(candidate, "clear", score, method, sentence)


def is_flat(candidate: Candidate, quality: int, thresholds: Thresholds = Thresholds()) -> bool:
    """Has either so little detail that its whole-picture code means little?"""
    return min(quality, candidate.quality) < thresholds.min_quality


def _same_flat(candidate: Candidate, quality: int, thresholds: Thresholds) -> bool:
    near = candidate.pdq_distance <= thresholds.flat_match
    return near and min(quality, candidate.quality) >= thresholds.flat_quality


WEIGHTS = (-0.88, 5.73, 2.68, -5.58, -0.89, 3.96, 4.66)
"""Of a constant and of `evidence`; `benchmarks/screening_quality.py --fit` prints them."""


def evidence(candidate: Candidate, *, flat: bool = False) -> tuple[float, ...]:
    """What the calibration weighs of a candidate whose features agree."""
    shown = candidate.verified
    if shown is None:
        raise ValueError("there are no features to weigh")
    return (
        math.log(shown.inliers / 5),
        shown.spread,
        shown.unlike,
        shown.off,
        shown.inliers / shown.matched,
        0.0 if flat else max(0.0, 1 - candidate.pdq_distance / 128),
    )


def _score(candidate: Candidate, *, flat: bool) -> float:
    """How often, of pictures of which so much was seen, one shows the other.

    The whole-picture code alone says little beyond its bound, and of a flat picture nothing.
    """
    if candidate.verified is None:
        near = -FAINT if flat else FAINT - candidate.pdq_distance
        return _logistic(near / 10)
    weighed = zip(WEIGHTS, (1.0, *evidence(candidate, flat=flat)), strict=True)
    return _logistic(sum(weight * value for weight, value in weighed))


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def _bound(own: float | None, general: float) -> float:
    return general if own is None else own


def _in_words(candidate: Candidate, verb: str) -> str:
    shown = candidate.verified
    if shown is None:
        return f"This picture {verb} a listed one{_turned(candidate.transform)}."
    part = area(shown.in_listed)
    what = (
        "a listed one" if part > NEARLY_ALL else f"a part of a listed one, about {part:.0%} of it"
    )
    return (
        f"This picture {verb} {what}{VARIANTS[candidate.variant]}: "
        f"{shown.inliers} details lie the same way in both."
    )


WHOLE = 0.99
SUREST = 0.9999
"""Of what is not the very same picture."""
FAINT = 45
"""Bits of PDQ at which a whole picture may be one that is listed, and a person must look."""
NEARLY_ALL = 0.6
VARIANTS = {
    "none": "",
    "mirror": ", mirrored",
    "invert": ", as a negative",
    "mirror-invert": ", as a mirrored negative",
}


def _turned(transform: str) -> str:
    return f", {TURNED.get(transform, 'turned or mirrored')}" if transform != "none" else ""


TURNED = {
    "mirror": "mirrored",
    "flip": "upside down and mirrored",
    "rotate-180": "upside down",
    "rotate-90": "turned on its side",
    "rotate-270": "turned on its side",
}


def area(corners: Sequence[Sequence[float]]) -> float:
    """Of a polygon whose corners lie in 0..1, by the shoelace formula."""
    pairs = zip(corners, [*corners[1:], corners[0]], strict=True)
    return abs(sum(x * v - u * y for (x, y), (u, v) in pairs)) / 2
