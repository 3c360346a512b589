"""Does what is on record permit this use of one work? Every holder must permit every action."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from provenance.clearance.rules.facts import Known
from provenance.clearance.rules.paths import (
    NOTHING,
    PASSING,
    TRUSTED,
    Path,
    grant_status,
    ways,
)
from provenance.clearance.rules.reasons import Reason
from provenance.clearance.rules.title import REST
from provenance.clearance.rules.verdict import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from provenance.clearance.rules.facts import MatchFact, PictureFact, WorkFact
    from provenance.clearance.rules.lookup import Lookup
    from provenance.clearance.rules.title import Holder

LAYERS = {"artwork": "a work of art", "building": "a building", "logo": "a logo"}


@dataclass(frozen=True, slots=True)
class Need:
    """One holder must permit one action in one place; `path` is the best there is."""

    action: str
    place: str
    holder: Holder
    ways: tuple[Path, ...]
    silent: bool = False

    @property
    def path(self) -> Path:
        return self.ways[0]

    @property
    def by_licence(self) -> Path:
        """A public licence where one leads to yes, else the best there is."""
        passing = (way for way in self.ways if way.licence and way.status in PASSING)
        return next(passing, self.path)


def needs(work: WorkFact, look: Lookup) -> list[Need]:
    """Everything that has to be permitted before `work` may be used as asked."""
    if work.id not in look.needs:
        look.needs[work.id] = [
            Need(
                action,
                place,
                holder,
                ways(work, holder, action, place, look),
                holder.party in title.silent,
            )
            for action, place, title in look.titles(work)
            for holder in title.holders
        ]
    return look.needs[work.id]


def cover(work: WorkFact, look: Lookup) -> list[Reason]:
    """Why this use of `work` is not simply permitted; an empty list where it is.

    A block of its own comes first and alone; else what else it shows, then its flags. Computed
    once for all pictures that show the same work.
    """
    if work.id not in look.covers:
        own = _own(work, look)
        blocked = any(reason.severity is Severity.BLOCK for reason in own)
        look.covers[work.id] = own if blocked else [*_underneath(work, look), *own]
    return look.covers[work.id]


def _own(work: WorkFact, look: Lookup) -> list[Reason]:
    """The reasons in the work itself, without what it shows; computed once a work.

    1. nobody disputes it, 2. its holders can be told, 3. each permits, 4. nothing is reserved;
    then what a human must look at.
    """
    if work.id not in look.own:
        look.own[work.id] = list(_judged(work, look))
    return look.own[work.id]


def _judged(work: WorkFact, look: Lookup) -> list[Reason]:
    if work.dispute == "evidenced":
        return [Reason("disputed", Severity.BLOCK, words={"work": work.title})]  # 1
    untold = list(_untold(work, look))
    if untold:
        return untold[:1]  # 2
    wanted = needs(work, look)
    failing = [need for need in wanted if need.path.status not in PASSING]
    if failing:
        return [_refusal(work, failing, wanted, look)]  # 3
    forbidden = list(reserved(work, look))
    if any(reason.severity is Severity.BLOCK for reason in forbidden):
        return forbidden  # 4
    return [*forbidden, *_flags(work, wanted, look)]


def _untold(work: WorkFact, look: Lookup) -> Iterator[Reason]:
    if not look.titles(work):  # a use of nothing, nowhere, is no use that could be cleared
        yield Reason("rights_holder_unknown", Severity.BLOCK, words={"work": work.title})
    for _, place, title in look.titles(work):
        if not title.breaks and (title.holders or title.free is not None):
            continue
        words = {"work": work.title, "place": spoken_place(place, work, look)}
        for found in title.breaks:
            names = {"grantor": found.grantor, "party": found.party, "other": found.other}
            yield Reason(found.code, Severity.BLOCK, words=words | names)
        if not title.holders and title.free is None:
            yield Reason("rights_holder_unknown", Severity.BLOCK, words=words)


def spoken_place(place: str, work: WorkFact, look: Lookup) -> str:
    """As people say it; nothing is "other" where no country is told apart."""
    if place != REST:
        return place
    alone = len(look.titles(work)) == len(look.actions)
    return "the world" if alone else "all other countries"


def _refusal(work: WorkFact, failing: list[Need], wanted: list[Need], look: Lookup) -> Reason:
    near = min((need.path for need in failing), key=lambda path: path.order)
    places = {need.place for need in failing}
    missing = {need.holder.party for need in failing}
    words = {
        "work": work.title,
        "licence": near.licence,
        "actions": ", ".join(sorted({need.action for need in failing})),
        "place": ", ".join(sorted(spoken_place(place, work, look) for place in places)),
    }
    code = near.status
    if code == NOTHING:
        others = set(work.creators) - _holders(work, look)
        words["creators"] = ",".join(sorted(others))
        if any(need.silent for need in failing):
            code = "title_silent_on_training"
        elif places != {need.place for need in wanted}:
            code = "territory_uncovered"
        elif missing != _holders(work, look):
            code = "co_holder_missing"
        elif any(_says_yes(creator, work, look) for creator in others):
            code = "creator_is_not_holder"
        else:
            code = "grant_missing" if work.licences else "licence_missing"
    return Reason(code, Severity.BLOCK, tuple(sorted(missing)), words, near.licence, near.source)


def _says_yes(party: str, work: WorkFact, look: Lookup) -> bool:
    given = look.grants(party, (None, work.id, *work.part_of))
    return any(grant.revoked_on is None for grant in given)


def named_by(party: str, work: WorkFact, since: date, look: Lookup) -> bool:
    """Does `party`, a holder known well enough, permit this use of this very work since then?

    Each action in each place: that a picture may be shown says nothing of training on it.
    """
    wanted = [need for need in needs(work, look) if need.holder.party == party]
    named = [
        grant
        for grant in look.grants(party, (work.id,))
        if grant.identity >= TRUSTED and grant.given_on is not None and grant.given_on >= since
    ]
    return bool(wanted) and all(
        need.holder.title >= TRUSTED
        and any(grant_status(grant, need.action, need.place, look) == "ok" for grant in named)
        for need in wanted
    )


def named_by_holder(work: WorkFact, since: date, look: Lookup) -> bool:
    """Does one of today's holders do so?"""
    return any(named_by(party, work, since, look) for party in _holders(work, look))


def _holders(work: WorkFact, look: Lookup) -> set[str]:
    return {need.holder.party for need in needs(work, look)}


def reserved(work: WorkFact, look: Lookup) -> Iterator[Reason]:
    """Prohibitions for the work, for a collection that it belongs to, or for all of a party's."""
    holders = _holders(work, look)
    covering = {None, work.id, *work.part_of}
    for party in sorted({*holders, *work.creators}):
        words = {"work": work.title, "party": party}
        fitting = (r for r in look.reservations.get(party, ()) if r.work in covering)
        last = max((r.registered_on for r in fitting), default=None)
        if last is None:
            continue
        if party not in holders:
            yield Reason("creator_objects", Severity.FLAG, words=words, chain=chain(work))
        elif not named_by(party, work, last, look):
            yield Reason("reservation_registered", Severity.BLOCK, (party,), words)
    for party in sorted(set(work.objectors) - holders):
        words = {"work": work.title, "party": party}
        yield Reason("creator_objects", Severity.FLAG, words=words, chain=chain(work))


def _underneath(work: WorkFact, look: Lookup) -> Iterator[Reason]:
    """What is to be said of everything seen in `work`, at any depth; each work is met once."""
    waiting, met = [work], {work.id}
    while waiting:
        outer = waiting.pop(0)
        for layer in sorted(set(outer.layers), key=str):
            words = {"work": outer.title, "layer": LAYERS.get(layer.kind, f"a {layer.kind}")}
            shown = look.works.get(layer.work or "")
            if shown is None:
                # Nobody can tell whose it is, or the facts were not read so deep.
                if layer.state != "none":
                    yield Reason(
                        "underlying_unsure", Severity.FLAG, words=words, chain=chain(outer)
                    )
            elif shown.id not in met:
                met.add(shown.id)
                waiting.append(shown)
                yield from _underlying(shown, _own(shown, look), words)


def _underlying(shown: WorkFact, reasons: list[Reason], words: dict[str, str]) -> Iterator[Reason]:
    """A layer's block is named as such; its flags are the same question as anywhere else."""
    root = next((r for r in reasons if r.severity is Severity.BLOCK), None)
    if root is None:
        yield from reasons
        return
    words = words | {"shown": shown.title}
    yield Reason("underlying_holder_missing", Severity.BLOCK, root.missing, words)


def is_sure(match: MatchFact) -> bool:
    """A match that identifies the work: the protection's evidence was checked."""
    return match.outcome == "match" and match.level >= TRUSTED


def identified(picture: PictureFact) -> set[str]:
    """The works that a picture shows: as declared, and as recognised for sure."""
    found = {match.work for match in picture.matches if match.work and is_sure(match)}
    return found | ({picture.work} if picture.work else set())


def chain(work: WorkFact) -> tuple[str, ...]:
    """The work with its links and creators: another chain is another question."""
    links = sorted({f"holder {link.party} {link.id} {link.kind}" for link in work.links})
    creators = sorted({f"creator {creator}" for creator in work.creators})
    return (f"work {work.id}", *links, *creators)


def _flags(work: WorkFact, wanted: list[Need], look: Lookup) -> Iterator[Reason]:
    for status in ("evidence_weak", "licence_silent"):
        paths = {need.path for need in wanted if need.path.status == status}
        if paths:
            near = min(paths, key=lambda path: path.order)
            yield Reason(
                status,
                Severity.FLAG,
                words={"work": work.title, "licence": near.licence},
                licence=near.licence,
                source=near.source,
                evidence=tuple(sorted(path.evidence for path in paths)),
                chain=chain(work),
            )
    words = {"work": work.title}
    free = [title.free for _, _, title in look.titles(work) if title.free is not None]
    if min(free, default=Known.SIGNED) < TRUSTED:
        evidence = tuple(sorted({f"{s.territory}:{s.evidence}" for s in work.statuses}))
        yield Reason(
            "status_weak", Severity.FLAG, words=words, evidence=evidence, chain=chain(work)
        )
    if work.dispute:
        yield Reason("disputed", Severity.FLAG, words=words, chain=chain(work))
    if work.source == "generated":
        yield Reason("synthetic_source", Severity.FLAG, words=words, chain=chain(work))
