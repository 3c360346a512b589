"""May this text use this person's name? One rule for every surface that bears names.

Pure: names and consents come in, hits with their reasons go out. A hit tells back only what was
typed; which other forms a person has stays with the caller.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from provenance.naming.rules.folding import fold
from provenance.naming.rules.index import NameIndex, ProtectedName
from provenance.naming.rules.matching import Find, finds
from provenance.naming.rules.persons import personal_names
from provenance.naming.rules.places import HISTORICAL, PLACES, counts
from provenance.naming.rules.words import LOOSE_AFTER, STYLE_AFTER, STYLE_BEFORE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["AllowedForm", "NameCheck", "NameHit", "NameIndex", "ProtectedName", "check"]

GENERIC = ("line-and-wash-illustrations", "evening-light-drawings")
MIN_REST = 3


@dataclass(frozen=True)
class AllowedForm:
    """A form that its person has consented to, to be used exactly as written."""

    party_id: str
    form: str


@dataclass(frozen=True)
class NameHit:
    """A protected name in a text. Show `typed` to people; `form` is for the record only."""

    party_id: str
    typed: str
    form: str
    how: str
    disguise: str
    blocks: bool
    span: tuple[int, int]
    """From and up to which character of the text."""

    @property
    def sentence(self) -> str:
        verb = "is" if self.how in ("name", "single word") else "points to"
        way = "" if self.disguise == "as written" else f", {self.disguise}"
        return (
            f"“{_shown(self.typed)}” {verb} a protected name{way}, and no consent to use it here "
            "is on record."
        )


@dataclass(frozen=True)
class NameCheck:
    """The answer for one text. `unregistered` are personal names that nobody is on record for."""

    hits: tuple[NameHit, ...]
    unregistered: tuple[str, ...]
    alternatives: tuple[str, ...]
    why: str
    descriptors: tuple[str, ...] = ()
    """Names of the long dead, as typed, that pass: the card says that nothing is by them."""

    @property
    def outcome(self) -> str:
        """`blocked`, `flagged` or `cleared`."""
        if any(hit.blocks for hit in self.hits):
            return "blocked"
        return "flagged" if self.hits or self.unregistered else "cleared"


def check(
    text: str,
    protected: NameIndex | Sequence[ProtectedName],
    allowed: Iterable[AllowedForm] = (),
    *,
    place: str = "name",
) -> NameCheck:
    """Look for every protected name in `text`, whatever its disguise.

    `place` is one of `places.PLACES`; the default is the strictest of those that name a model.
    Give a `NameIndex` where many texts are checked against the same names: making one takes
    some half a millisecond a name.
    """
    index = protected if isinstance(protected, NameIndex) else NameIndex(protected)
    consents = tuple(allowed)
    if place not in PLACES:
        raise KeyError(place)
    every = [f for f in _finds(text, index, place) if not _is_allowed(f, text, consents)]
    found = [f for f in every if counts(f, place)]
    passing = [f for f in every if not counts(f, place)]
    hits = tuple(_hit(f) for f in _best(found))
    spans = [hit.span for hit in hits] + [s for a in consents for s in _occurrences(a.form, text)]
    spans += [f.source_span for f in passing]
    unregistered = tuple(n for n in personal_names(text) if not _covered(n, text, spans))
    why = " ".join(hit.sentence for hit in hits) or _why_unregistered(unregistered)
    alternatives = _alternatives(text, hits, index) if hits or unregistered else ()
    dead = [f for f in _best(passing) if f.key.name.kind == HISTORICAL]
    descriptors = tuple(dict.fromkeys(_hit(f).typed for f in dead))
    return NameCheck(hits, unregistered, alternatives, why, descriptors)


def _finds(text: str, index: NameIndex, place: str) -> Iterator[Find]:
    """What the text holds; a token is one without the word, so that a rare surname is enough."""
    yield from finds(text, index)
    if place == "token":
        yield from (f for f in finds(f"{text} token", index) if not f.key.ordinary)


def _hit(found: Find) -> NameHit:
    start, stop = found.source_span
    key = found.key
    return NameHit(
        party_id=key.name.party_id,
        typed=found.folded.source[start:stop],
        form=key.form,
        how=key.how,
        disguise=found.disguise,
        blocks=key.name.proven,
        span=(start, stop),
    )


def _best(found: list[Find]) -> list[Find]:
    """For each party and place one find: the first way of finding it, then the longest span."""
    kept: list[Find] = []
    ranked = sorted(enumerate(found), key=lambda item: (-_length(item[1]), item[0]))
    for _, candidate in ranked:
        start, stop = candidate.source_span
        party = candidate.key.name.party_id
        overlaps = (
            start < other.source_span[1] and other.source_span[0] < stop
            for other in kept
            if other.key.name.party_id == party
        )
        if not any(overlaps):
            kept.append(candidate)
    return sorted(kept, key=lambda f: (f.source_span, f.key.name.party_id))


def _length(found: Find) -> int:
    start, stop = found.source_span
    return stop - start


def _is_allowed(found: Find, text: str, consents: tuple[AllowedForm, ...]) -> bool:
    start, stop = found.source_span
    return any(
        low <= start and stop <= high
        for consent in consents
        if consent.party_id == found.key.name.party_id
        for low, high in _occurrences(consent.form, text)
    )


def _occurrences(form: str, text: str) -> list[tuple[int, int]]:
    """Where exactly `form` stands in `text` as words of its own. An empty form stands nowhere."""
    if not form.strip():
        return []
    pattern = re.compile(rf"(?<!\w){re.escape(unicodedata.normalize('NFC', form))}(?!\w)")
    return [match.span() for match in pattern.finditer(text)]


def _covered(name: str, text: str, spans: list[tuple[int, int]]) -> bool:
    """Whether `name` is already told by a hit or allowed by a consent."""
    start = text.find(name)
    if start < 0:
        return bool(spans)
    stop = start + len(name)
    return any(start < high and low < stop for low, high in spans)


def _why_unregistered(names: tuple[str, ...]) -> str:
    if not names:
        return ""
    shown = ", ".join(f"“{_shown(name)}”" for name in names)
    return f"{shown} looks like a person's name, and nobody here has consented for it."


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)[:80]


def _alternatives(text: str, hits: tuple[NameHit, ...], index: NameIndex) -> tuple[str, ...]:
    """What is left of the text without names and style words, if that is anything; then others."""
    rest = text
    for hit in sorted(hits, key=lambda h: h.span, reverse=True):
        rest = f"{rest[: hit.span[0]]} {rest[hit.span[1] :]}"
    for name in personal_names(rest):
        rest = rest.replace(name, " ")
    dropped = {w for m in STYLE_BEFORE + STYLE_AFTER + LOOSE_AFTER for w in m.casefold().split()}
    dropped |= {"in", "the", "by", "and"}
    words = [w for w in re.split(r"[\W_]+", rest) if w and w.casefold() not in dropped]
    neutral = "-".join(words).lower()
    usable = len(fold(neutral).text) >= MIN_REST and not personal_names(neutral)
    if usable and not any(finds(neutral, index)):
        return (neutral, *GENERIC)
    return GENERIC
