"""What a file, or the answer that brought it, says about itself: bounded, printable, comparable."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable

Training = Literal["prohibited", "unreadable", "conditional", "allowed"]

STRICTEST_FIRST: Final[tuple[Training, ...]] = get_args(Training)
MAX_SIGNALS: Final = 16
MAX_QUOTE: Final = 300
MAX_NAMES: Final = 32
MAX_NAME: Final = 120
MAX_TEXT: Final = 500
NAMES: Final = ("creators", "owners", "licensors", "persons", "artworks")
TEXTS: Final = (
    *("credit_line", "copyright_notice", "usage_terms", "web_statement", "marked"),
    *("digital_source_type", "model_release", "property_release", "minor_age"),
)


class UnreadableError(ValueError):
    """Something was there, and could not be read within the bounds."""


@dataclass(frozen=True)
class Signal:
    """One statement about training: where it was read, what it says, and what that means."""

    source: str
    """Such as "xmp:plus:DataMining", "c2pa:cawg.training-mining" or "header:tdm-reservation"."""
    quote: str
    training: Training


@dataclass(frozen=True)
class Embedded:
    """All that was read from one file. Empty fields mean that the file does not say."""

    signals: tuple[Signal, ...] = ()
    """Strictest first; no opinion on which of them counts."""
    creators: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    licensors: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    """Names of the persons shown (IPTC PersonInImage)."""
    artworks: tuple[str, ...] = ()
    """Works that the picture shows besides, with their makers and owners (IPTC ArtworkOrObject)."""
    credit_line: str = ""
    copyright_notice: str = ""
    usage_terms: str = ""
    web_statement: str = ""
    marked: str = ""
    """ "true" or "false": whether rights are claimed (xmpRights:Marked)."""
    digital_source_type: str = ""
    """IPTC code, such as "trainedAlgorithmicMedia"."""
    model_release: str = ""
    property_release: str = ""
    minor_age: str = ""
    """PLUS codes, such as "MR-NON", "PR-UPR" and "AG-U15"."""
    unreadable: tuple[str, ...] = ()
    """What was there and could not be read: "xmp", "exif", "iptc", "c2pa", "file"."""

    def to_json(self) -> dict[str, Any]:
        """Never empty, so that "read, and nothing found" differs from "not read"."""
        plain = asdict(self)
        return {key: list(v) if isinstance(v, tuple) else v for key, v in plain.items()}

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Embedded:
        """Raises KeyError, TypeError or ValueError for what `to_json` cannot have written."""
        fields: dict[str, Any] = {name: str(body[name]) for name in TEXTS}
        fields |= {name: tuple(str(one) for one in body[name]) for name in NAMES}
        return cls(
            signals=tuple(_signal(one) for one in body["signals"]),
            unreadable=tuple(str(one) for one in body["unreadable"]),
            **fields,
        )


def _signal(body: dict[str, Any]) -> Signal:
    return signal(str(body["source"]), str(body["quote"]), training_of(body["training"]))


def training_of(word: object) -> Training:
    """One of the four words; ValueError for any other."""
    for known in STRICTEST_FIRST:
        if word == known:
            return known
    raise ValueError(f"{word!r} says nothing about training")


def signal(source: str, quote: str, training: Training) -> Signal:
    """A signal whose quote is fit to be stored and shown."""
    return Signal(cleaned(source, MAX_NAME), cleaned(quote, MAX_QUOTE), training)


def bounded(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """Each once, strictest first: padding with permissions pushes no prohibition out."""
    once = dict.fromkeys(signals)
    ordered = sorted(once, key=lambda one: STRICTEST_FIRST.index(one.training))
    return tuple(ordered[:MAX_SIGNALS])


def cleaned(text: str, longest: int = MAX_TEXT) -> str:
    """One printable line: no control, direction or other invisible characters."""
    line = " ".join(text[: 8 * longest].split())
    return "".join(letter for letter in line if letter.isprintable())[:longest].strip()


def names(texts: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in the order found."""
    found = dict.fromkeys(cleaned(text, MAX_NAME) for text in texts)
    found.pop("", None)
    return tuple(found)[:MAX_NAMES]
