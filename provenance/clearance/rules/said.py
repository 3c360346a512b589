"""What a picture's file, and the address it came from, say: prohibitions and contradictions."""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from provenance.clearance.rules.permission import named_by_holder
from provenance.clearance.rules.reasons import Reason
from provenance.clearance.rules.verdict import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from provenance.clearance.rules.facts import PictureFact, SignalFact, WorkFact
    from provenance.clearance.rules.lookup import Lookup

CODES = {
    "prohibited": ("reservation_embedded", Severity.BLOCK),
    "conditional": ("reservation_conditional", Severity.FLAG),
    "unreadable": ("metadata_unreadable", Severity.FLAG),
}


def said(picture: PictureFact, look: Lookup) -> Iterator[Reason]:
    """Prohibitions in the file or its answer's headers, then where it contradicts what is stated.

    A permission for this very work lifts a prohibition, which is undated and so counts as of the
    same day; a permission for all works does not.
    """
    work = look.works.get(picture.work or "")
    if not picture.said.read:
        yield Reason("metadata_unreadable", Severity.FLAG, words={"source": "its own data"})
    if picture.said.signals:
        lifted = work is not None and named_by_holder(work, date.min, look)
        yield from _signals(picture, {"unreadable"} if lifted else set(CODES))
    yield from _contradictions(picture, work, look)


def _signals(picture: PictureFact, heard: set[str]) -> Iterator[Reason]:
    for signal in sorted(set(picture.said.signals), key=_order):
        if signal.training in heard:
            code, severity = CODES[signal.training]
            words = {"source": signal.source, "quote": signal.quote}
            yield Reason(code, severity, words=words, source=signal.source)


def _order(signal: SignalFact) -> tuple[bool, str, str]:
    return (signal.training != "prohibited", signal.source, signal.quote)


def _contradictions(picture: PictureFact, work: WorkFact | None, look: Lookup) -> Iterator[Reason]:
    found = picture.said
    if work is not None:
        holders = {link.party for link in work.links}
        yield from _names("creator", found.creators, work.creators, look)
        yield from _names("rights-holder", found.owners, {*holders, *work.creators}, look)
        if found.generated and work.source != "generated":
            words = {"what": "that a generator made it", "stated": "something else"}
            yield Reason("metadata_contradicts", Severity.FLAG, words=words)
    layers = work.layers if work is not None else ()
    if found.artworks and all(layer.state == "none" for layer in layers):
        words = {"what": f"a work that it shows ({'; '.join(found.artworks)})", "stated": "none"}
        yield Reason("metadata_contradicts", Severity.FLAG, words=words)
    if found.persons and picture.persons in ("none", "crowd"):
        words = {"what": f"that it shows {', '.join(found.persons)}", "stated": "nobody"}
        yield Reason("metadata_contradicts", Severity.FLAG, words=words)
    if found.minor and not any(person.minor for person in picture.shown):
        words = {"what": "that it shows a minor", "stated": "none"}
        yield Reason("metadata_contradicts", Severity.FLAG, words=words)


def _names(
    role: str, read: tuple[str, ...], stated: Iterable[str], look: Lookup
) -> Iterator[Reason]:
    """The file names somebody in this role, and nobody who is stated has that name."""
    if not read:
        return
    known = {_folded(name) for party in stated for name in _names_of(party, look)}
    if known.isdisjoint(map(_folded, read)):
        names = ", ".join(sorted(look.name(party) for party in set(stated))) or "nobody"
        words = {"what": f"{', '.join(read)} as {role}", "stated": names}
        yield Reason("metadata_contradicts", Severity.FLAG, words=words)


def _names_of(party: str, look: Lookup) -> tuple[str, ...]:
    found = look.parties.get(party)
    return (found.name, *found.other_names) if found else ()


@lru_cache(maxsize=8192)
def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(sign for sign in plain if sign.isalnum())
