"""Find the prepared names in a folded text, and decide whether a find is a name or a word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from provenance.naming.rules.folding import Folded, fold
from provenance.naming.rules.index import FUZZY, SHORT, Key, NameIndex, deletions
from provenance.naming.rules.words import LOOSE_AFTER, STYLE_AFTER, STYLE_BEFORE, is_ordinary

if TYPE_CHECKING:
    from collections.abc import Iterator

LONG = 9
"""Letters from which on a name is found anywhere, also in the middle of a word."""
SINGLE = 4
SURNAME = 5
MAX_WORDS = 12
AFFIX_WINDOW = 24


@dataclass(frozen=True)
class Find:
    """A key found at the letters `start` to `stop` of a folded text, and how it was disguised."""

    key: Key
    start: int
    stop: int
    folded: Folded
    disguise: str

    @property
    def whole(self) -> bool:
        return self.folded.opens[self.start] and self.folded.closes[self.stop - 1]

    @property
    def source_span(self) -> tuple[int, int]:
        starts = self.folded.starts[self.start : self.stop]
        return min(starts), max(self.folded.ends[self.start : self.stop])


def finds(text: str, index: NameIndex) -> Iterator[Find]:
    """Every accepted find in `text`: as written, in look-alike letters, backwards, misspelled."""
    plain, coarse = fold(text), fold(text, coarse=True)
    yield from _exact(plain, index.plain, index.lengths, "as written")
    yield from _exact(coarse, index.coarse, index.coarse_lengths, "in look-alike letters")
    for found in _exact(plain.backwards(), index.plain, index.lengths, "spelled backwards"):
        if found.key.how == "name" and found.stop - found.start >= FUZZY:
            yield found
    yield from _misspelled(plain, index)
    if not text.isascii():
        roman = fold(text, roman=True)
        if roman.text != plain.text:
            yield from _exact(roman, index.plain, index.lengths, "in another script")
            yield from _misspelled(roman, index)


def _exact(
    folded: Folded, keys: dict[str, list[Key]], lengths: list[int], disguise: str
) -> Iterator[Find]:
    text = folded.text
    long = [length for length in lengths if length >= LONG]
    ending = _ending(folded)
    for start in range(len(text)):
        inside = lengths if folded.opens[start] else (long + ending if ending else long)
        for length in inside:
            for key in keys.get(text[start : start + length], ()):
                found = Find(key, start, start + length, folded, disguise)
                if start + length <= len(text) and _accept(found):
                    yield found


def _ending(folded: Folded) -> list[int]:
    """Lengths tried inside a word only where a marker may precede; long names cover the rest."""
    return list(range(SHORT, LONG)) if len(folded.text) < 200 else []  # noqa: PLR2004


def _misspelled(folded: Folded, index: NameIndex) -> Iterator[Find]:
    """Spans of whole words, or up to a style suffix, one edit away from a long name."""
    if not index.nearby:
        return
    stops = [i + 1 for i, closes in enumerate(folded.closes) if closes]
    stops += [i for i in range(FUZZY, len(folded.text)) if _after(folded, i, STYLE_AFTER)]
    stops.sort()
    low = 0
    for start in (i for i, opens in enumerate(folded.opens) if opens):
        while low < len(stops) and stops[low] < start + FUZZY - 1:
            low += 1
        for stop in stops[low : low + MAX_WORDS]:
            if stop - start > index.longest + 1:
                break
            yield from _near(folded, index, start, stop)


def _near(folded: Folded, index: NameIndex, start: int, stop: int) -> Iterator[Find]:
    span = folded.text[start:stop]
    if all(is_ordinary(word) for word in folded.words(start, stop)):
        return
    candidates = {name for variant in deletions(span) for name in index.nearby.get(variant, ())}
    for name in candidates:
        if name not in span and OSA.distance(span, name, score_cutoff=1) == 1:
            for key in index.plain[name]:
                found = Find(key, start, stop, folded, "misspelled")
                if not key.how.startswith("initials") and _accept(found):
                    yield found


def _accept(found: Find) -> bool:
    """Whether a find is the name, and no everyday word or accident of neighbouring letters."""
    key, length = found.key, found.stop - found.start
    marked = is_marked(found)
    if key.how == "surname":
        return marked and (found.whole or length >= SURNAME) and not _by_doubling(found)
    if key.ordinary and not key.how.startswith("initials"):
        return marked
    attached = (found.folded.opens[found.start] or _before(found.folded, found.start)) and (
        found.folded.closes[found.stop - 1]
        or _after(found.folded, found.stop, STYLE_AFTER + LOOSE_AFTER)
    )
    if key.how == "single word":
        return marked or (found.whole and length >= SINGLE) or (attached and length > SHORT)
    if key.how == "initials after" and len(found.folded.words(found.start, found.stop)) == 1:
        return False  # Garde, N. is no garden
    if key.how.startswith("initials"):
        return attached and (marked or _dotted(found) or not key.ordinary) and length >= SINGLE
    if length < SHORT:
        return found.whole and (len(found.folded.words(found.start, found.stop)) > 1)
    if length < LONG and not attached:
        return False
    return marked or not _all_ordinary(found)


def _all_ordinary(found: Find) -> bool:
    words = found.folded.words(found.start, found.stop)
    return found.whole and all(is_ordinary(word) for word in words)


def _by_doubling(found: Find) -> bool:
    """In letters that look alike only because doubles count once: personal is not Persson-al."""
    typed = found.folded.typed(found.start, found.stop)
    return found.disguise == "in look-alike letters" and typed.isascii() and typed.islower()


def _dotted(found: Find) -> bool:
    """An initial written as one: R. Baker, or Baker, R."""
    typed = found.folded.typed(found.start, found.stop)
    return bool(re.match(r"[^\W\d_]\.", typed) or re.search(r",\s*[^\W\d_]$", typed))


def is_marked(found: Find) -> bool:
    """Whether "style of", "by" and the like stand before the find, or "style" after it.

    A name that is also a word must end its phrase: "by rose light" is no person.
    """
    folded, ordinary = found.folded, found.key.ordinary
    surname = found.key.how == "surname"
    capital = folded.typed(found.start, found.stop)[:1].isupper()
    open_end = found.folded.closes[found.stop - 1]
    if _after(folded, found.stop, STYLE_AFTER) and (capital or not (ordinary and surname)):
        return folded.opens[found.start] or not ordinary
    if not ordinary and folded.opens[found.start] and _after(folded, found.stop, LOOSE_AFTER):
        return True
    if not _before(folded, found.start) or not open_end:
        return False
    return not ordinary or (_ends_phrase(found) and (capital or not surname))


def _ends_phrase(found: Find) -> bool:
    rest = found.folded.source[found.source_span[1] :].lstrip(" \t\"'\u201d\u2019)]")
    return not rest or not (rest[0].isalnum() or rest[0] in "-_")


@lru_cache(maxsize=8)
def _folded(markers: tuple[str, ...]) -> tuple[str, ...]:
    texts = {fold(marker, coarse=coarse).text for marker in markers for coarse in (False, True)}
    texts |= {fold(marker, roman=True).text for marker in markers if not marker.isascii()}
    return tuple(sorted(texts - {""}))


def _after(folded: Folded, stop: int, markers: tuple[str, ...]) -> bool:
    """A marker follows, as a word of its own or ending the word that the find begins."""
    if folded.text[stop : stop + 1] == "s" and folded.source[folded.starts[stop] - 1] in "'\u2019":
        stop += 1  # the possessive s of "Rose's style"
    rest = folded.text[stop : stop + AFFIX_WINDOW]
    for marker in _folded(markers):
        end = stop + len(marker)
        if rest.startswith(marker) and folded.closes[end - 1]:
            return True
    return False


def _before(folded: Folded, start: int) -> bool:
    text = folded.text[max(0, start - AFFIX_WINDOW) : start]
    if text.endswith("by") and folded.opens[start - 2]:
        return True
    if text.endswith("after") and folded.opens[start - 5]:
        return folded.source[folded.starts[start]].isupper()
    return text.endswith(_folded(STYLE_BEFORE))
