"""Protected names, prepared once so that a text is checked in time linear in its length."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

from provenance.naming.rules.folding import fold
from provenance.naming.rules.words import is_ordinary

if TYPE_CHECKING:
    from collections.abc import Iterable

FUZZY = 8
"""Letters from which on one wrong letter is still taken for the name."""
SHORT = 6
COARSE = 5
MAX_PERMUTED = 3


@dataclass(frozen=True)
class ProtectedName:
    """A party's names. `proven`: evidence was checked, so a use blocks; otherwise it flags."""

    party_id: str
    forms: tuple[str, ...]
    proven: bool = True
    kind: str = "person"


@dataclass(frozen=True)
class Key:
    """One way to write one form. `how`: name, initials, surname or single word."""

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
        for spelled, key in _spellings(name, form):
            folded = fold(spelled)
            known = folded.text in self.plain
            self.plain[folded.text].append(key)
            coarse = fold(spelled, coarse=True).text
            if key.how != "surname" and len(coarse) >= COARSE:
                self.coarse[coarse].append(key)
            if not known and len(folded.text) >= FUZZY:
                for variant in deletions(folded.text):
                    self.nearby[variant].append(folded.text)


def deletions(text: str) -> set[str]:
    """`text` and all strings with one letter left out: texts one edit apart share one of them."""
    return {text, *(text[:i] + text[i + 1 :] for i in range(len(text)))}


def _spellings(name: ProtectedName, form: str) -> list[tuple[str, Key]]:
    folded = fold(form)
    words = folded.words(0, len(folded.text)) if folded.text else ()
    if not words:
        return []
    if len(words) == 1:
        return [(words[0], Key(name, form, "single word", is_ordinary(words[0])))]
    whole = Key(name, form, "name", all(is_ordinary(word) for word in words))
    out = [(" ".join(order), whole) for order in _orders(words)]
    if name.kind not in ("person", "pen name", "historical"):
        return out
    first, last = words[0], words[-1]
    common = is_ordinary(last)
    if len(words) > 2:  # noqa: PLR2004 - a middle name is often left out
        out += [(f"{first} {last}", whole), (f"{last} {first}", whole)]
    initials = " ".join(word[0] for word in words[:-1])
    short = Key(name, form, "initials", common)
    out += [(f"{i} {last}", short) for i in {initials, first[0]}]
    out += [(f"{last} {i}", short) for i in {initials, first[0]}]
    return [*out, (last, Key(name, form, "surname", common))]


def _orders(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    if len(words) <= MAX_PERMUTED:
        return list(permutations(words))
    return [words, words[::-1], (words[-1], *words[:-1])]
