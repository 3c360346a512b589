"""What a link of a chain of title may say beside the other links of its work. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from provenance.attribution.links import ACTIONS, ALL, UNDOING, Link, in_force, overlap, sentence
from provenance.attribution.places import unknown_places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

BEGINNINGS: Final = frozenset({"authored", "stated"})
SHARED_OUT: Final = frozenset({"assignment", "inheritance"})
HUNDRED: Final = Decimal(100)


@dataclass(frozen=True)
class Objection:
    """Why a link cannot be entered: a code, a sentence, and what can be done."""

    code: str
    sentence: str
    remedy: str


def objections(link: Link, others: Sequence[Link]) -> list[Objection]:
    """All that speaks against entering `link` beside the live `others` of the same work."""
    found = [*_in_itself(link), *_its_undoing(link, others)]
    if found or link.kind in UNDOING:
        return found
    return [*_circle(link, others), *_shares(link, others), *_exclusive(link, others)]


def _in_itself(link: Link) -> Iterator[Objection]:
    yield from _words(link)
    if link.kind in BEGINNINGS and link.grantor is not None:
        yield Objection(
            "grantor_unfit",
            f"Whoever {'made the work' if link.kind == 'authored' else 'is stated to hold it'} "
            "had the rights from nobody.",
            "Leave the grantor out, or choose how the rights passed on.",
        )
    if link.kind not in BEGINNINGS and link.kind != "work-for-hire" and link.grantor is None:
        yield Objection(
            "grantor_missing", "Rights pass on from somebody.", "Say who gave them (grantor)."
        )
    if link.grantor == link.party:
        yield Objection(
            "circular_chain",
            f"{link.party_name} cannot pass rights on to {link.party_name}.",
            "Name the two sides of the contract.",
        )
    if link.starts and link.ends and link.ends < link.starts:
        yield Objection(
            "ends_before_start",
            f"It would end on {link.ends} before it starts on {link.starts}.",
            "Correct one of the dates.",
        )
    if link.share is not None and not 0 < link.share <= HUNDRED:
        yield Objection(
            "bad_share", "A share is more than 0 and at most 100 per cent.", "Correct the share."
        )


def _words(link: Link) -> Iterator[Objection]:
    unknown = sorted((set(link.conveys) | set(link.reserves)) - set(ACTIONS) - {ALL})
    if unknown or ALL in link.reserves:
        yield Objection(
            "unknown_action",
            f"{', '.join(unknown) or ALL} is nothing that a contract can "
            f"{'convey or reserve' if unknown else 'reserve'} here.",
            f"Known are {', '.join(ACTIONS)}; “*” conveys all. Names and likenesses stay with "
            "the person.",
        )
    both = sorted(set(link.conveys) & set(link.reserves))
    if both:
        yield Objection(
            "conveyed_and_reserved",
            f"{', '.join(both)} cannot be both conveyed and reserved.",
            "Take it out of one of the two lists.",
        )
    places = unknown_places(link.territories)
    if places or not link.territories:
        yield Objection(
            "unknown_territory",
            f"{', '.join(places) or 'Nowhere'} is no territory known here.",
            "Write “world” or two-letter country codes such as DE, or EU or EEA.",
        )


def _its_undoing(link: Link, others: Iterable[Link]) -> Iterator[Objection]:
    if link.kind not in UNDOING:
        if link.undoes is not None:
            yield Objection(
                "undoes_nothing",
                "Only a reversion, a termination or a rescission undoes another link.",
                "Leave “undoes” out, or choose one of these kinds.",
            )
        return
    undone = next((other for other in others if other.id == link.undoes), None)
    if link.undoes is None:
        yield Objection(
            "undoes_missing",
            f"A {link.kind} undoes an earlier contract, and none is named.",
            "Name the link that it undoes.",
        )
    elif undone is None:
        yield Objection(
            "unknown_link",
            "The link that it would undo is not on record for this work.",
            "Choose one of this work's own links.",
        )
    else:
        yield from _fits(link, undone, others)


def _fits(link: Link, undone: Link, others: Iterable[Link]) -> Iterator[Objection]:
    if undone.grantor is None or undone.kind in UNDOING:
        yield Objection(
            "undoes_no_contract",
            f"“{sentence(undone)}” is no contract that can be undone.",
            "If it is wrong, end that link with a reason.",
        )
    elif (link.grantor, link.party) != (undone.party, undone.grantor):
        yield Objection(
            "wrong_sides",
            f"The rights go back from {undone.party_name} to {undone.grantor_name}.",
            "Name them as grantor and party, or leave both out.",
        )
    if link.starts and undone.starts and link.starts < undone.starts:
        yield Objection(
            "ends_before_start",
            f"It would be undone on {link.starts}, before it began on {undone.starts}.",
            "Correct one of the dates.",
        )
    if any(other.undoes == undone.id for other in others):
        yield Objection(
            "undone_before", "That contract has been undone already.", "Choose another link."
        )


def _circle(link: Link, others: Iterable[Link]) -> Iterator[Objection]:
    """Rights may come back to somebody later, but only dates tell what came first."""
    standing = [o for o in in_force(others) if o.grantor is not None]
    edges = [(str(other.grantor), other.party) for other in standing]
    unordered = [
        (str(other.grantor), other.party)
        for other in standing
        if other.starts is None or other.starts == link.starts
    ]
    if link.grantor is None:
        return
    if link.starts is None:
        closes = _leads_to(edges, link.party, link.grantor)
    else:
        closes = any(
            _leads_to(edges, link.party, source) and _leads_to(edges, target, link.grantor)
            for source, target in unordered
        )
    if closes:
        yield Objection(
            "circular_chain",
            f"The rights would go from {link.grantor_name} to {link.party_name} and back, and "
            "no dates tell what came first.",
            "Give every link between them the date on which it starts.",
        )


def _shares(link: Link, others: Iterable[Link]) -> Iterator[Objection]:
    """Joint holders from the beginning, or those to whom the same grantor gave parts."""
    if link.share is None or not (link.grantor is None or link.kind in SHARED_OUT):
        return
    beside = [
        other
        for other in in_force(others)
        if other.grantor == link.grantor
        and other.share is not None
        and (other.grantor is None or other.kind in SHARED_OUT)
        and overlap(link, other)
    ]
    total = link.share + sum((other.share or Decimal(0) for other in beside), Decimal(0))
    if total > HUNDRED:
        named = ", ".join(f"{other.party_name} {other.share:f} %" for other in beside)
        yield Objection(
            "shares_over_100",
            f"The shares would come to {total:f} per cent: {named}, {link.party_name} "
            f"{link.share:f} %.",
            "Correct the shares, or end the link that is wrong.",
        )


def _exclusive(link: Link, others: Iterable[Link]) -> Iterator[Objection]:
    if link.kind != "exclusive-licence":
        return
    for other in in_force(others):
        if other.kind == link.kind and other.grantor == link.grantor and overlap(link, other):
            yield Objection(
                "overlapping_licences",
                f"{link.grantor_name} gave the same exclusively before: “{sentence(other)}” "
                f"(link {other.id}).",
                "Correct actions, territories or dates, or end that link.",
            )


def _leads_to(edges: Iterable[tuple[str, str]], start: str, goal: str) -> bool:
    """Whether one comes from `start` to `goal` (or is there already) along the edges."""
    onward: dict[str, set[str]] = {}
    for source, target in edges:
        onward.setdefault(source, set()).add(target)
    seen, waiting = {start}, [start]
    while waiting:
        found = onward.get(waiting.pop(), set()) - seen
        seen |= found
        waiting += found
    return goal in seen
