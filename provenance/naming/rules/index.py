# ruff: noqa: RUF001 - other scripts are what this is about
"""Protected names, prepared once so that a text is checked in time linear in its length."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import combinations, permutations
from typing import TYPE_CHECKING

from text_unidecode import unidecode

from provenance.naming.rules.folding import Folded, fold, umlauts_spelled
from provenance.naming.rules.words import GIVEN, PARTICLES, is_ordinary

if TYPE_CHECKING:
    from collections.abc import Iterable

FUZZY = 8
"""Letters from which on one wrong letter is still taken for the name."""
SHORT = 6
COARSE = 5
MAX_PERMUTED = 3
MAX_MIDDLE = 4
MAX_PARTICLE = 3
PEOPLE = frozenset({"person", "pen name", "historical"})
GENITIVES = (
    ("ова", "овой"), ("ева", "евой"), ("ёва", "ёвой"), ("ина", "иной"), ("ая", "ой"),
    ("ский", "ского"), ("цкий", "цкого"), ("ый", "ого"), ("ия", "ии"), ("га", "ги"),
    ("ка", "ки"), ("ха", "хи"), ("а", "ы"),
    ("я", "и"), ("й", "я"), ("ь", "я"), ("ska", "skiej"), ("cka", "ckiej"), ("ski", "skiego"),
    ("cki", "ckiego"), ("ová", "ové"), ("ský", "ského"), ("ská", "ské"),
)  # fmt: skip
CYRILLIC_END = re.compile("[бвгджзклмнпрстфхцчшщ]$")
JOINTS = ("the", "and")
GENERIC = frozenset(
    {
        "studio", "studios", "film", "films", "animation", "pictures", "games", "entertainment",
        "company", "house", "press", "captain", "mister", "miss", "lady", "lord", "sir", "doctor",
        "professor", "king", "queen", "prince", "princess",
    }
)  # fmt: skip
"""What studios are called and characters are titled: it names none of them."""


@dataclass(frozen=True)
class ProtectedName:
    """A party's names. `proven`: evidence was checked, so a use blocks; otherwise it flags."""

    party_id: str
    forms: tuple[str, ...]
    proven: bool = True
    kind: str = "person"


@dataclass(frozen=True)
class Key:
    """One way to write one form. `how`: name, initials, initials after, surname or single word."""

    name: ProtectedName
    form: str
    how: str
    ordinary: bool
    """The deciding words are everyday words too, so that only a style marker betrays a name."""


class NameIndex:
    """Look-up tables over all forms of all names; immutable once made."""

    def __init__(self, names: Iterable[ProtectedName]) -> None:
        self.plain: dict[str, list[Key]] = defaultdict(list)
        self.coarse: dict[str, list[Key]] = defaultdict(list)
        self.nearby: dict[str, list[str]] = defaultdict(list)
        for name in names:
            for form in name.forms:
                self._add(name, form)
        self.lengths = sorted({len(key) for key in self.plain})
        self.coarse_lengths = sorted({len(key) for key in self.coarse})
        self.longest = max(self.lengths, default=0)

    def _add(self, name: ProtectedName, form: str) -> None:
        of_it = declined(form)
        spellings = _spellings(name, form) + (_spellings(name, of_it) if of_it != form else [])
        for spelled, found in spellings:
            key = replace(found, form=form)
            folded = fold(spelled).text
            known = folded in self.plain
            self.plain[folded].append(key)
            for written in (spelled, spelled.replace(" ", "")):
                coarse = fold(written, coarse=True).text
                if len(coarse) >= COARSE and key not in self.coarse[coarse]:
                    self.coarse[coarse].append(key)
            if not known and len(folded) >= FUZZY:
                for variant in deletions(folded):
                    self.nearby[variant].append(folded)


def deletions(text: str) -> set[str]:
    """`text` and all strings with one letter left out: texts one edit apart share one of them."""
    return {text, *(text[:i] + text[i + 1 :] for i in range(len(text)))}


def declined(form: str) -> str:
    """The genitive, as after "в стиле" or "w stylu"; the form itself where it has none known here.

    Russian, and those Polish and Czech endings that change by more than one letter.
    """
    return " ".join(_genitive(word) for word in unicodedata.normalize("NFC", form).split())


def _genitive(word: str) -> str:
    for ending, genitive in GENITIVES:
        if word.endswith(ending):
            return word.removesuffix(ending) + genitive
    return f"{word}а" if CYRILLIC_END.search(word) else word


def _spellings(name: ProtectedName, form: str) -> list[tuple[str, Key]]:
    """Every way to write one form, each with its key; each once."""
    readings = dict.fromkeys(_words(fold(reading)) for reading in (form, umlauts_spelled(form)))
    out = [made for words in readings if words for made in _written(name, form, words)]
    plain = replace(name, kind="") if _is_signs(form) else name
    for roman in {_words(fold(form, roman=True)), _words(fold(unidecode(form)))} - {*readings, ()}:
        out += [(text, replace(key, name=name)) for text, key in _written(plain, form, roman)]
    return list(dict.fromkeys(out))


def _words(folded: Folded) -> tuple[str, ...]:
    return folded.words(0, len(folded.text)) if folded.text else ()


def _is_signs(form: str) -> bool:
    """Written in signs for syllables or words, where a family name cannot be told apart."""
    return any(unicodedata.category(letter) == "Lo" for letter in form)


def _written(name: ProtectedName, form: str, words: tuple[str, ...]) -> list[tuple[str, Key]]:
    if len(words) == 1:
        return [(words[0], Key(name, form, "single word", is_ordinary(words[0])))]
    whole = Key(name, form, "name", all(is_ordinary(word) for word in words))
    out = [(" ".join(order), whole) for order in _orders(words)]
    if name.kind in PEOPLE:
        return out + _of_person(words, whole)
    joints = [(*words[:i], joint, *words[i:]) for joint in JOINTS for i in range(1, len(words))]
    out += [(" ".join(joined), whole) for joined in joints]
    return out + _of_thing(words, whole) if name.kind else out


def _of_person(words: tuple[str, ...], whole: Key) -> list[tuple[str, Key]]:
    """Some middle names left out, initials with the last name, and the last name by itself."""
    first, *middle, last = words
    kept = [c for n in range(len(middle)) for c in combinations(middle[:MAX_MIDDLE], n)]
    out = [(" ".join((first, *some, last)), whole) for some in kept]
    out += [(" ".join((last, first, *some)), whole) for some in kept]
    common = is_ordinary(last)
    short = replace(whole, how="initials", ordinary=common)
    initials = " ".join(word[0] for word in words[:-1])
    for letters in dict.fromkeys((initials, first[0])):
        out += [(f"{letters} {last}", short)]
        out += [(f"{last} {letters}", replace(short, how="initials after"))]
    if middle:  # M. Oxley-Tveit
        out.append((" ".join((first[0], *middle, last)), short))
    if middle and _may_be_family(middle[0]):  # of two family names the first alone
        out.append((f"{first} {middle[0]}", whole))
    return [*out, (last, replace(whole, how="surname", ordinary=common))]


def _may_be_family(word: str) -> bool:
    known = word in GIVEN or word in PARTICLES or is_ordinary(word)
    return len(word) > MAX_PARTICLE and not known


def _of_thing(words: tuple[str, ...], whole: Key) -> list[tuple[str, Key]]:
    """What sets a studio, brand or character apart when "studio" or its rank is left out."""
    telling = tuple(word for word in words if word not in GENERIC)
    text = "".join(telling)
    if not telling or telling == words or all(is_ordinary(word) for word in telling):
        return []
    alone = len(text) >= FUZZY and whole.name.kind == "character"
    return [(" ".join(telling), replace(whole, how="single word" if alone else "surname"))]


def _orders(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    if len(words) <= MAX_PERMUTED:
        return list(permutations(words))
    return [words, words[::-1], (words[-1], *words[:-1])]
