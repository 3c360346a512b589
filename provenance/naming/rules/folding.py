# ruff: noqa: RUF001 - other scripts are what this is about
"""A text reduced to the letters that a reader sees, with the way back to what was typed.

NFKC, then diacritics, then UTS #39 confusables, then case; separators only leave word borders.
Three readings: plain; coarse, for leetspeak and look-alikes; romanised, for other scripts.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from confusable_homoglyphs.confusables import confusables_data
from text_unidecode import unidecode

if TYPE_CHECKING:
    from collections.abc import Callable

SPECIAL = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th",
           "ħ": "h", "\u0131": "i", "ŧ": "t", "ŋ": "n", "ə": "e"}  # fmt: skip
LEET = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g",
        "@": "a", "$": "s", "!": "i", "|": "i", "€": "e", "£": "l", "+": "t", "¡": "i",
        "¢": "c"}  # fmt: skip
GREEK = {"η": "i", "υ": "y", "ω": "o", "χ": "ch", "β": "v", "ξ": "x"}
"""As passports write them (ELOT 743), where the general table follows the ancient letters."""
GREEK_V = {"αυ": "av", "ευ": "ev", "ου": "ou"}
UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"}
LATIN = re.compile(r"(?:LATIN\b.*|REGIONAL INDICATOR SYMBOL )(?:LETTER|SMALL CAPITAL) ([A-Z])\b")
"""Unicode's name of a letter that is a variant of a plain one: small capital, hooked, in a box."""
PAIRS = {"rn": "m", "vv": "w", "cl": "d"}
Letter = tuple[str, int, int]
"""A letter and the place in the source, from and up to, that it stands for."""
IGNORED = frozenset({"Mn", "Me", "Cf", "Cc"})


@dataclass(frozen=True)
class Folded:
    """Letters with, for each, its place in the source and whether it begins or ends a word."""

    source: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    opens: tuple[bool, ...]
    closes: tuple[bool, ...]

    def typed(self, start: int, stop: int) -> str:
        """What was typed for the letters from `start` up to `stop`."""
        first, last = self.starts[start:stop], self.ends[start:stop]
        return self.source[min(first) : max(last)]

    def words(self, start: int, stop: int) -> tuple[str, ...]:
        borders = [i for i in range(start, stop) if self.opens[i] or i == start]
        return tuple(self.text[a:b] for a, b in zip(borders, [*borders[1:], stop], strict=True))

    def backwards(self) -> Folded:
        return Folded(
            self.source, self.text[::-1], self.starts[::-1], self.ends[::-1],
            self.closes[::-1], self.opens[::-1],
        )  # fmt: skip


def umlauts_spelled(text: str) -> str:
    """ä as ae, ø as oe, å as aa: how keyboards without these letters write them."""
    return "".join(UMLAUTS.get(c, c) for c in unicodedata.normalize("NFC", text).lower())


def fold(source: str, *, coarse: bool = False, roman: bool = False) -> Folded:
    """The letters of `source`, in order.

    `coarse` also reads digits and symbols as the letters that they imitate, takes l for i and rn
    for m, and writes doubled letters once. `roman` writes other scripts in Latin letters.
    """
    letters: list[Letter] = []
    opens: list[bool] = []
    border, previous = True, ""
    for place, character in enumerate(source):
        if unicodedata.category(character) in IGNORED:
            continue
        seen = _roman(source, place) if roman else _letters(character, coarse=coarse)
        border = border or not seen or (previous.islower() and character.isupper())
        for letter in seen:
            letters.append((letter, place, place + 1))
            opens.append(border or unicodedata.category(letter) == "Lo")
            border = False
        if roman and seen and unicodedata.category(character) == "Lo":
            opens[-len(seen)] = True
        border = border or not seen
        previous = character
    if coarse:
        letters, opens = _merge(letters, opens)
    return _build(source, letters, opens)


def _build(source: str, letters: list[Letter], opens: list[bool]) -> Folded:
    closes = [*opens[1:], True][: len(opens)]
    return Folded(
        source=source,
        text="".join(letter for letter, _, _ in letters),
        starts=tuple(start for _, start, _ in letters),
        ends=tuple(end for _, _, end in letters),
        opens=tuple(opens),
        closes=tuple(closes),
    )


def _merge(letters: list[Letter], opens: list[bool]) -> tuple[list[Letter], list[bool]]:
    """Pairs that look like one letter become it, then l becomes i and doubles are written once."""
    letters, opens = _join(letters, opens, lambda pair: PAIRS.get(pair, ""))
    letters = [("i" if c == "l" else c, start, end) for c, start, end in letters]
    return _join(letters, opens, lambda pair: pair[0] if pair[0] == pair[1] else "")


def _join(
    letters: list[Letter], opens: list[bool], single: Callable[[str], str]
) -> tuple[list[Letter], list[bool]]:
    """Neighbours inside a word for which `single` has one letter, written as that letter."""
    merged: list[Letter] = []
    borders: list[bool] = []
    for (letter, start, end), border in zip(letters, opens, strict=True):
        joined = single(merged[-1][0] + letter) if merged and not border else ""
        if joined:
            merged[-1] = (joined, merged[-1][1], end)
        else:
            merged.append((letter, start, end))
            borders.append(border)
    return merged, borders


@lru_cache(maxsize=65536)
def _letters(character: str, *, coarse: bool) -> str:
    """The letters that `character` shows; none for a separator."""
    out = ""
    for c in unicodedata.normalize("NFKC", character):
        plain = unicodedata.normalize("NFKD", c.casefold())
        bare = "".join(SPECIAL.get(x, x) for x in plain if unicodedata.category(x) != "Mn")
        shown = bare if bare.isascii() and bare.isalnum() else _variant(c) or _look_alike(c) or bare
        if coarse:
            shown = "".join(LEET.get(x, x) for x in shown)
        out += "".join(x for x in shown if x.isalpha())
    return out


def _variant(character: str) -> str:
    named = LATIN.search(unicodedata.name(character, ""))
    return named[1].lower() if named else ""


def _roman(source: str, place: int) -> str:
    """The letters of the character at `place`; Greek vowel pairs are read as one sound."""
    character = source[place]
    if character.isascii() or "LATIN" in unicodedata.name(character, ""):
        return _letters(character, coarse=False)
    bare = unicodedata.normalize("NFD", character.casefold())[:1]
    before = unicodedata.normalize("NFD", source[place - 1 : place].casefold())[:1]
    plain = GREEK_V.get(before + bare, "")[1:] or GREEK.get(bare) or unidecode(character)
    return "".join(x for x in plain.casefold() if x.isalpha())


def _look_alike(character: str) -> str:
    """The ASCII letter or digit that `character` is confusable with, its other case counted too."""
    for form in (character, character.upper(), character.lower()):
        for entry in confusables_data.get(form, ()):
            if len(entry["c"]) == 1 and entry["c"].isascii() and entry["c"].isalnum():
                return str(entry["c"].lower())
    return ""
