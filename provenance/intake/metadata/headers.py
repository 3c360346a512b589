"""Read what the headers of a web server's answer say about training on the picture it sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from requests.utils import parse_header_links

from provenance.intake.metadata.embedded import Signal, Training, bounded, signal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

NO_AI: Final = ("noai", "noimageai")
TRAIN: Final = ("train-ai", "train-genai")
PREFERENCES: Final[dict[str, Training]] = {"y": "allowed", "n": "prohibited"}
RSL: Final = "application/rsl+xml"


def signals_of(headers: Iterable[tuple[str, str]]) -> tuple[Signal, ...]:
    """The signals in the headers of one answer, or of several on the way to it."""
    found = [
        one
        for name, value in headers
        if name.lower() in READERS
        for one in READERS[name.lower()](value.strip())
    ]
    return bounded(found)


def _reservation(value: str) -> Iterator[Signal]:
    """TDMRep: 1 reserves, 0 does not, which permits nothing."""
    if value != "0":
        training: Training = "prohibited" if value == "1" else "unreadable"
        yield signal("header:tdm-reservation", value, training)


def _policy(value: str) -> Iterator[Signal]:
    yield signal("header:tdm-policy", value, "conditional")


def _robots(value: str) -> Iterator[Signal]:
    """A robot's name may stand before a rule: "somebot: noai"."""
    for rule in value.split(","):
        if rule.rpartition(":")[2].strip().lower() in NO_AI:
            yield signal("header:x-robots-tag", rule, "prohibited")


def _usage(value: str) -> Iterator[Signal]:
    """AIPREF: a dictionary such as `train-ai=n, search=y`."""
    for member in value.split(","):
        key, _, preference = member.partition(";")[0].partition("=")
        if key.strip().lower() in TRAIN:
            training = PREFERENCES.get(preference.strip().lower(), "unreadable")
            yield signal("header:content-usage", member, training)


def _link(value: str) -> Iterator[Signal]:
    """RSL: terms at another address, which are not fetched."""
    for link in parse_header_links(value):
        kinds = str(link.get("rel", "")).lower().split()
        if "license" in kinds and str(link.get("type", "")).lower() == RSL:
            yield signal("header:rsl", str(link["url"]), "conditional")


READERS: Final[dict[str, Callable[[str], Iterator[Signal]]]] = {
    "tdm-reservation": _reservation,
    "tdm-policy": _policy,
    "x-robots-tag": _robots,
    "content-usage": _usage,
    "link": _link,
}
