"""Labelled names for measuring the rule: made ones with their kind of disguise, and ordinary texts.

The disguises are written anew here, without the rule's own tables. Names come from Faker's lists
of real given and family names, put together at random with a fixed seed; ordinary texts from
Unicode's names of pictures, Faker's job titles and English words, and Python's own help texts.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from pydoc_data.topics import topics
from random import Random
from typing import TYPE_CHECKING

from faker import Faker
from faker.providers.job.en_US import Provider as Jobs
from faker.providers.lorem.en_US import Provider as Words

from provenance.naming.rules import ProtectedName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOCALES = ("de_DE", "pl_PL", "es_ES", "it_IT", "fr_FR", "sv_SE", "cs_CZ", "fi_FI", "hu_HU", "hr_HR",
           "ro_RO", "en_IN", "no_NO", "nl_NL")  # fmt: skip
UNHEARD = ("sl_SI", "et_EE", "lv_LV", "lt_LT", "sk_SK", "pt_PT", "en_NG", "id_ID", "en_IE", "da_DK")
"""Locales whose lists of names the rule's own list was not made from."""
HAND = Path(__file__).with_name("disguises.txt")
WORD_NAMES = ("Rose", "Anna Baker", "Amber Wolf")
KINDS = {"Rose": "pen name", "Zephyrine": "pen name", "Studio Halcyon Fox": "studio",
         "Lanternfish Studio": "studio", "Pomelotta": "brand", "Kettle & Crane": "brand",
         "Captain Brindlewick": "character", "Nimbo Cloudkeeper": "character"}  # fmt: skip
LOOKS = dict(zip("aceiopsxyjkhmt", "асеіорѕхујкһмт", strict=True))
LEET = dict(zip("aeiost", "431057", strict=True))
MARKERS = ("{} style", "{}-style", "{}style", "{}ArtStyle", "in the style of {}", "art by {}",
           "{}-inspired", "inspired by {}", "<lora:{}:0.7>", "{}_lora_v2", "{}esque", "token: {}",
           "in homage to {}", "{}'s style")  # fmt: skip
TONGUES = ("im Stil von {}", "à la manière de {}", "dans le style de {}", "al estilo de {}",
           "no estilo de {}", "nello stile di {}", "in de stijl van {}", "w stylu {}",
           "i stil med {}", "ve stylu {}", "в стиле {}",
           "{}风格", "{}画風", "{} 스타일")  # fmt: skip
FRAMES = ("{}", "a fox in a meadow, {}, watercolour", "{}-v2", "{} (8k, highly detailed)")
Case = tuple[str, str, str]
"""Kind of disguise, protected name, text."""


def by_hand() -> list[Case]:
    kind, found = "", []
    for line in HAND.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
        elif " = " in line and not line.startswith("#"):
            name, texts = line.split(" = ", 1)
            found += [(kind, name, text) for text in texts.split(" ;; ")]
    return found


def people(locales: tuple[str, ...], count: int, seed: int) -> list[str]:
    """Given and family name, in Latin script, at least nine letters in all, family five."""
    made: dict[str, None] = {}
    sources = [Faker(locale) for locale in locales]
    for number, source in enumerate(sources):
        source.seed_instance(seed + number)
    while len(made) < count:
        source = sources[len(made) % len(sources)]
        given, family = source.first_name(), source.last_name()
        if len(family) > 4 and len(given + family) > 8 and " " not in given + family:
            made[f"{given} {family}"] = None
    return list(made)


def protected() -> list[ProtectedName]:
    """Everybody of the corpus, the hand-written ones with their kinds."""
    hand = dict.fromkeys(name for _, name, _ in by_hand())
    kinds = {**dict.fromkeys([*hand, *people(LOCALES, 60, 1)], "person"), **KINDS}
    return [ProtectedName(name, (name,), kind=kind) for name, kind in kinds.items()]


def positives() -> list[Case]:
    random = Random(6)
    return [case for name in people(LOCALES, 60, 1) for case in _disguises(name, random)]


def _disguises(name: str, random: Random) -> Iterator[Case]:
    given, family = name.split()
    frame = random.choice(FRAMES)
    whole: dict[str, list[str]] = {
        "as written": [name, name.upper(), frame.format(name)],
        "slugs and separators": [name.lower().replace(" ", random.choice("-_./+"))],
        "joined": [given + family, (given + family).lower() + random.choice(["", "v2", "style"])],
        "split": [" ".join(given + family), _cut(name, random)],
        "reversed order": [f"{family}, {given}", f"{family}-{given}".lower()],
        "spelled backwards": [name[::-1], (given + family).lower()[::-1]],
        "initials": [f"{given[0]}. {family}", f"{given[0]}{family}".lower()],
        "leetspeak": [_swap(name.lower(), LEET)],
        "look-alike letters": [_swap(name, LOOKS), _styled(name)],
        "invisible marks": ["\u200b".join(name), name.replace(" ", "\u2060 ")],
        "diacritics": [_marks(name), _plain(name)],
        "misspelled": [_typo(name, random) for _ in range(2)],
        "last name with a marker": [m.format(family) for m in random.sample(MARKERS, 4)],
        "style in other languages": [m.format(family) for m in random.sample(TONGUES, 4)],
        "two ways at once": [_swap(f"{family}{given}".lower(), {"o": "0", "e": "3"}),
                             f"{given[0]}_{_swap(family.lower(), LOOKS)}_lora",
                             f"{_typo(name, random)} style".lower().replace(" ", "-")],
    }  # fmt: skip
    for kind, texts in whole.items():
        for text in texts:
            yield kind, name, text


def _swap(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(c, c) for c in text)


def _styled(text: str) -> str:
    return "".join(chr(0x1D41A + ord(c) - 97) if "a" <= c <= "z" else c for c in text.lower())


def _marks(text: str) -> str:
    return unicodedata.normalize("NFC", "".join(c + "\u0301" if c in "aeiou" else c for c in text))


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _cut(name: str, random: Random) -> str:
    letters = name.replace(" ", "").lower()
    at = random.randrange(3, len(letters) - 3)
    return f"{letters[:at]}-{letters[at:]}"


def _typo(name: str, random: Random) -> str:
    """One letter left out, doubled, exchanged with its neighbour, or another: not the first."""
    at = random.randrange(1, len(name) - 2)
    while name[at] == " " or name[at + 1] == " ":
        at = random.randrange(1, len(name) - 2)
    ways: tuple[Callable[[], str], ...] = (
        lambda: name[:at] + name[at + 1 :],
        lambda: name[:at] + name[at] + name[at:],
        lambda: name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        lambda: name[:at] + random.choice("aeiorst") + name[at + 1 :],
    )
    return random.choice(ways)()


def pictures() -> list[str]:
    """Unicode's own names of its pictures: "cherry blossom", "mountain with snow"."""
    signs = (chr(c) for c in (*range(0x2600, 0x2800), *range(0x1F300, 0x1FB00)))
    named = [unicodedata.name(c, "").lower() for c in signs if unicodedata.category(c) == "So"]
    return [name for name in named if name]


def negatives() -> list[str]:
    """Ordinary texts, many with the words that protected names are made of."""
    random = Random(7)
    things = pictures()
    words = [w for w in Words.word_list if len(w) > 2]
    texts = [*things, *(t.replace(" ", "-") for t in random.sample(things, 300)), *Jobs.jobs]
    for _ in range(500):
        one, two, three = random.sample(words, 3)
        texts += [f"a {one} {two}, {three} style", f"{one}-{two}-v{random.randrange(9)}",
                  f"{one}{two}", f"{one.title()} {two.title()}"]  # fmt: skip
    help_texts = " ".join(" ".join(page.split()) for page in topics.values())
    sentences = sorted(set(re.findall(r"[A-Z][a-z ,]{20,90}\.", help_texts)))
    texts += random.sample(sentences, min(300, len(sentences)))
    for word in ("rose", "baker", "amber", "wolf", "fox", "kettle", "crane", "captain", "studio"):
        texts += [f"a {word} at dawn", f"two {word}s and a {word}", f"old {word}, ink on paper",
                  f"{word} by the window", f"photo of the {word}"]  # fmt: skip
    return list(dict.fromkeys(texts))


def unregistered() -> list[str]:
    """500 real-form names of nobody on record, as people type them where a name may stand."""
    forms: tuple[Callable[[str], str], ...] = (
        lambda n: n, lambda n: n.lower(), lambda n: n.lower().replace(" ", "-"),
        lambda n: f"in the style of {n}", lambda n: f"a harbour by {n}, ink",
        lambda n: f"{n.lower().replace(' ', '_')}_style", lambda n: n.replace(" ", ""),
        lambda n: f"{n} LoRA",
    )  # fmt: skip
    return [forms[i % len(forms)](name) for i, name in enumerate(people(UNHEARD, 500, 40))]
