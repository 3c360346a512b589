"""Does a picture show a protected work? Distances of fingerprints in, a decision with words out.

Pure: no clock, no database, no arithmetic on pixels. The thresholds were measured; see
docs/adr/0003-first-screening.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["clear", "possible", "match", "unreadable"]
PDQ_BITS = 256


@dataclass(frozen=True)
class Thresholds:
    """Distances are bits that differ: PDQ of 256, pHash of 64. Each bound is included."""

    version: str = "screening/1"
    min_quality: int = 50
    """Below this PDQ's authors call a code meaningless: flat pictures all agree."""
    pdq_match: int = 31
    """PDQ's published bound."""
    fused_pdq: int = 60
    fused_phash: int = 10
    """Two opinions that are each too weak alone: both within these bounds is a match."""
    pdq_possible: int = 64
    """PDQ alone, and a human must look."""
    agree_pdq: int = 90
    agree_phash: int = 8
    """So must they where both agree at a distance."""


@dataclass(frozen=True)
class Candidate:
    """A protected code near to the picture's, under one of eight turns and mirrorings."""

    key: str
    """The caller's own name for the protected code."""
    pdq_distance: int
    phash_distance: int
    transform: str
    quality: int
    """Of the protected picture."""
    exact: bool = False
    """The normalised pictures are equal byte for byte."""

    @classmethod
    def copy_of(cls, key: str, quality: int) -> Candidate:
        """A candidate found by its normalised sha256 and not by its looks."""
        return cls(key, 0, 0, "none", quality, exact=True)


@dataclass(frozen=True)
class Match:
    """What one candidate amounts to."""

    candidate: Candidate
    outcome: Outcome
    score: float
    """0..1, higher is surer; comparable between methods."""
    method: str
    """sha256, pdq, pdq+phash or low-information."""
    sentence: str


@dataclass(frozen=True)
class Screening:
    """The answer for one picture; `matches` are sorted, surest first."""

    outcome: Outcome
    reason: str
    sentence: str
    matches: tuple[Match, ...]
    thresholds: str
    """Version of the thresholds it was decided by."""


def screen(
    quality: int | None,
    candidates: tuple[Candidate, ...],
    thresholds: Thresholds = Thresholds(),  # frozen
) -> Screening:
    """Decide about a picture of this PDQ quality; None is a picture that could not be read.

    A picture with too little detail is never clear: its codes cannot tell it from others.
    """
    if quality is None:
        return _screening(
            "unreadable", "unreadable", "This picture could not be read.", (), thresholds
        )
    judged = (judge(candidate, quality, thresholds) for candidate in candidates)
    matches = tuple(sorted(judged, key=lambda match: (-match.score, match.candidate.key)))
    if matches and matches[0].outcome == "match":
        best = matches[0]
        return _screening("match", best.method, best.sentence, matches, thresholds)
    if quality < thresholds.min_quality:
        return _screening("possible", "low_information", TOO_FLAT, matches, thresholds)
    for match in matches:
        if match.outcome == "possible":
            return _screening("possible", match.method, match.sentence, matches, thresholds)
    return _screening("clear", "no_match", NOTHING_NEAR, matches, thresholds)


TOO_FLAT = (
    "This picture has too little detail to tell it from others by its looks; a person must decide."
)
NOTHING_NEAR = "No protected work on record looks like this picture."


def judge(
    candidate: Candidate,
    quality: int,
    thresholds: Thresholds = Thresholds(),  # frozen
) -> Match:
    """What one candidate amounts to for a picture of this PDQ quality.

    1. equal bytes, 2. too little detail on either side, 3. PDQ near, 4. PDQ and pHash agree,
    5. PDQ not far, 6. both agree at a distance.
    """
    pdq, phash = candidate.pdq_distance, candidate.phash_distance
    if candidate.exact:  # 1
        return _match(candidate, "match", "sha256", "This is the very picture that is protected.")
    if min(quality, candidate.quality) < thresholds.min_quality:  # 2
        return _match(candidate, "possible", "low-information", TOO_FLAT)
    seen = _seen(candidate)
    if pdq <= thresholds.pdq_match:  # 3
        return _match(
            candidate, "match", "pdq", f"This picture is a copy of a protected work{seen}."
        )
    if pdq <= thresholds.fused_pdq and phash <= thresholds.fused_phash:  # 4
        sentence = f"This picture is an edited copy of a protected work{seen}."
        return _match(candidate, "match", "pdq+phash", sentence)
    sentence = f"This picture resembles a protected work{seen}; a person must compare them."
    if pdq <= thresholds.pdq_possible:  # 5
        return _match(candidate, "possible", "pdq", sentence)
    if pdq <= thresholds.agree_pdq and phash <= thresholds.agree_phash:  # 6
        return _match(candidate, "possible", "pdq+phash", sentence)
    return _match(candidate, "clear", "pdq+phash", "The resemblance is too faint to mean anything.")


BANDS = {"clear": (0.0, 0.4), "possible": (0.4, 0.7), "match": (0.7, 0.99)}
"""A score never contradicts its outcome."""


def _match(candidate: Candidate, outcome: Outcome, method: str, sentence: str) -> Match:
    if method == "sha256":
        return Match(candidate, outcome, 1.0, method, sentence)
    if method == "low-information":
        return Match(candidate, outcome, BANDS["possible"][0], method, sentence)
    low, high = BANDS[outcome]
    # Half the bits differ between unrelated pictures; pHash's 64 bits count like PDQ's 256.
    bits = (candidate.pdq_distance + 4 * candidate.phash_distance) / 2
    nearness = max(0.0, 1.0 - bits / (PDQ_BITS / 2))
    return Match(candidate, outcome, round(low + (high - low) * nearness, 4), method, sentence)


def _seen(candidate: Candidate) -> str:
    if candidate.transform == "none":
        return ""
    return f" (seen {TURNED.get(candidate.transform, 'turned or mirrored')})"


TURNED = {
    "mirror": "in a mirror",
    "flip": "upside down in a mirror",
    "rotate-180": "upside down",
    "rotate-90": "turned on its side",
    "rotate-270": "turned on its side",
}


def _screening(
    outcome: Outcome,
    reason: str,
    sentence: str,
    matches: tuple[Match, ...],
    thresholds: Thresholds,
) -> Screening:
    return Screening(outcome, reason, sentence, matches, thresholds.version)
