"""What a file and the server it came from say, in plain words for a picture's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from provenance.intake.selectors import signals_about

if TYPE_CHECKING:
    from provenance.models import SetImage

MEANINGS: Final = {
    "prohibited": "Not for training.",
    "unreadable": "Something here could not be read.",
    "conditional": "Training only on conditions.",
    "allowed": "Training is allowed, whoever wrote that.",
}
PLACES: Final = {
    "xmp": "the file's metadata",
    "exif": "the file's camera data",
    "iptc": "the file's press data",
    "c2pa": "the file's Content Credentials",
    "file": "the file itself",
    "header": "the server that it was fetched from",
}
FACTS: Final = (
    ("Creator", "creators"),
    ("Owner of the rights", "owners"),
    ("Licensor", "licensors"),
    ("Persons shown", "persons"),
    ("Works seen in it", "artworks"),
    ("Credit line", "credit_line"),
    ("Copyright notice", "copyright_notice"),
    ("Terms of use", "usage_terms"),
    ("Terms are at", "web_statement"),
    ("How it was made", "digital_source_type"),
)


@dataclass(frozen=True)
class Saying:
    """One signal with its meaning and where it was read."""

    meaning: str
    quote: str
    where: str


@dataclass(frozen=True)
class Says:
    """All that is shown; `is_read` tells "says nothing" from "was never read"."""

    is_read: bool
    signals: list[Saying]
    facts: list[tuple[str, str]]


def says(item: SetImage) -> Says:
    """What is shown on the picture's page."""
    embedded = item.image.embedded
    facts = [(name, _line(embedded.get(field, ""))) for name, field in FACTS]
    return Says(
        is_read=bool(embedded),
        signals=[
            Saying(MEANINGS[one["training"]], one["quote"], _where(one["source"]))
            for one in signals_about(item)
        ],
        facts=[(name, line) for name, line in facts if line],
    )


def _where(source: str) -> str:
    place, _, name = source.partition(":")
    return f"{PLACES[place]}: {name}" if name else PLACES[place]


def _line(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)
