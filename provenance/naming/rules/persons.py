"""Personal names that nobody here is on record for. A heuristic: it flags, it never blocks.

It knows markers ("in the style of"), given and family names of some sixty countries, and the
endings of others. It cannot find mononyms, names of which it has heard neither part, or, without
a marker, names in other scripts.
"""

from __future__ import annotations

import itertools
import re

from provenance.naming.rules.folding import fold
from provenance.naming.rules.words import (
    FAMILY,
    FAMILY_ENDINGS,
    FAMILY_WORDS,
    GIVEN,
    MOVEMENTS,
    PARTICLES,
    STYLE_BEFORE,
    is_ordinary,
)

WORD = r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?"
MARKER = re.compile(
    r"(?<!\w)(?:" + "|".join(re.escape(m) for m in (*STYLE_BEFORE, "by", "after")) + r")\s+",
    re.IGNORECASE,
)
NAME = re.compile(rf"{WORD}\.?(?:[ \-]+{WORD}\.?){{1,4}}")
SLUG_BREAK = re.compile(r"[_\-./]+|(?<=[^\W\d_A-Z])(?=[A-Z])")
MIN_SURNAME = 3
MIN_ENDING = 7
MAX_BARE_WORDS = 3
SAINTS = frozenset({"san", "santa", "saint", "sankt", "sao"})
"""Such a word and a given name are a place."""


def personal_names(text: str) -> tuple[str, ...]:
    """Names as typed, in the order of the text, each once."""
    spaced = SLUG_BREAK.sub(" ", text) if " " not in text.strip() else text
    found = [*_after_markers(text), *_pairs(spaced, bare=_is_bare(spaced))]
    return tuple(dict.fromkeys(found))


def _is_bare(text: str) -> bool:
    words = [word for word in text.split() if _fold(word) not in PARTICLES]
    return len(words) <= MAX_BARE_WORDS


def _after_markers(text: str) -> list[str]:
    names = []
    for marker in MARKER.finditer(text):
        words = _leading_name(text[marker.end() :])
        if words:
            names.append(" ".join(words))
    return names


def _leading_name(rest: str) -> list[str]:
    """Two or more name words at the beginning of `rest`, particles counted as part."""
    match = NAME.match(rest)
    if match is None:
        return []
    words: list[str] = []
    for word in match[0].split():
        if not (word[0].isupper() or word.lower() in PARTICLES or not words):
            break
        words.append(word)
    given = _fold(words[0]) in GIVEN
    if len(words) == 1 and given:  # lower case throughout: "by greg rutkowski"
        words = match[0].split()[:2]
    proper = [word for word in words if word.lower() not in PARTICLES]
    if len(proper) < 2 or not (words[0][0].isupper() or given):  # noqa: PLR2004
        return []
    if any(_fold(word) in MOVEMENTS for word in proper):
        return []
    return [] if all(is_ordinary(_fold(word)) for word in proper) else words


def _pairs(text: str, *, bare: bool) -> list[str]:
    """A known given name followed by a surname; in lower case only where little else is said."""
    names = []
    every = re.finditer(rf"{WORD}\.?,?", text)
    words = [word for word in every if _fold(word[0]) not in PARTICLES]
    for first, second in itertools.pairwise(words):
        given, family = first[0].strip(",."), second[0].strip(",.")
        if first[0].endswith(","):
            given, family = family, given
        half = first[0][0].isupper() and not second[0][0].isupper()  # "Victoria sponge"
        if half or re.sub(WORD, "", text[first.end() : second.start()]).strip(" -"):
            continue
        if _fold(family) in GIVEN and _fold(given) in FAMILY and _fold(given) not in GIVEN:
            given, family = family, given
        if _is_pair(given, family, bare=bare):
            names.append(text[first.start() : second.end()].strip(",."))
    return names


def _is_pair(given: str, family: str, *, bare: bool) -> bool:
    first, last = _fold(given), _fold(family)
    capitals = given[0].isupper() and family[0].isupper()
    if not (capitals or bare) or min(len(first), len(last)) < MIN_SURNAME:
        return False
    if {first, last} & MOVEMENTS or first in SAINTS:
        return False
    if is_ordinary(last):  # Emily Brown
        return first in GIVEN and not is_ordinary(first) and last in FAMILY_WORDS
    if is_ordinary(first):  # Grace, Roman: with a known family name, and written as names are
        return capitals and last in FAMILY
    return first in GIVEN or _is_family(last)


def _is_family(word: str) -> bool:
    long = len(word) >= MIN_ENDING
    return word in FAMILY or (long and word.endswith(FAMILY_ENDINGS))


def _fold(word: str) -> str:
    return fold(word, roman=True).text
