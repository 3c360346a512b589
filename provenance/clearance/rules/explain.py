"""Why: the way from a picture to each permission that it needs, in words and as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from provenance.clearance.rules.facts import Known
from provenance.clearance.rules.lookup import Lookup
from provenance.clearance.rules.paths import PASSING, Path
from provenance.clearance.rules.permission import Need, needs, spoken_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provenance.clearance.rules.facts import Facts, LinkFact, PictureFact, WorkFact
    from provenance.clearance.rules.use import Use

KINDS: Final = {
    "authored": "made it",
    "work-for-hire": "had it made",
    "stated": "is stated to hold it",
    "assignment": "was assigned it",
    "exclusive-licence": "has an exclusive licence",
    "inheritance": "inherited it",
    "mandate": "manages it",
}
STATUSES: Final = {
    "ok": "permits it",
    "evidence_weak": "permits it, and nobody has checked the evidence",
    "licence_silent": "offers a licence that does not speak of training",
    "evidence_insufficient": "is said to permit it, without enough evidence",
    "grant_revoked": "permitted it once and has withdrawn that",
    "grant_expired": "permitted it once, and that has ended",
    "grant_used_up": "permitted it for models that have all been made",
    "territory_uncovered": "permits it, but not there",
    "grant_scope": "permits something, but not this",
    "licence_forbids_use": "offers a licence that does not permit this",
    "nothing": "has no permission on record",
}
KNOWN: Final = {
    Known.SELF_DECLARED: "self-declared",
    Known.CONTACT_CONFIRMED: "contact confirmed",
    Known.DOCUMENT_CHECKED: "document checked",
    Known.SIGNED: "signed or verified",
}


@dataclass(frozen=True)
class Step:
    """One holder, how they came to hold, what they permit, and for which actions and places."""

    holder: str
    title: str
    chain: tuple[str, ...]
    says: str
    passes: bool
    actions: tuple[str, ...]
    places: tuple[str, ...]
    grant: str = ""
    licence: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class WorkAccount:
    """One work that the picture shows, how that is known, and the way to each permission."""

    work: str
    title: str
    shown: str
    creators: tuple[str, ...]
    steps: tuple[Step, ...]
    free: tuple[str, ...] = ()
    """Places where no copyright is left."""


@dataclass(frozen=True)
class Account:
    """The whole way from one picture to its permissions."""

    picture: str
    label: str
    works: tuple[WorkAccount, ...]

    @property
    def text(self) -> str:
        """The same in sentences, a line each, indented as it rests on the line above."""
        return "\n".join([self.label, *_lines(self)])


def explain(facts: Facts, use: Use, picture: str) -> Account:
    """The account of one picture. Raises KeyError where the facts do not know it."""
    found = {fact.id: fact for fact in facts.pictures}[picture]
    look = Lookup(facts, use)
    return Account(
        picture=found.id,
        label=found.label,
        works=tuple(_account(work, shown, look) for work, shown in _works(found, look)),
    )


def _works(picture: PictureFact, look: Lookup) -> Iterator[tuple[WorkFact, str]]:
    """Those declared and recognised, each followed by what else is seen in it."""
    roots = [(picture.work, "declared")] if picture.work else []
    roots += [(m.work, f"recognised ({m.outcome})") for m in picture.matches if m.work]
    seen: set[str] = set()
    while roots:
        work_id, shown = roots.pop(0)
        if work_id in seen or work_id not in look.works:
            continue
        seen.add(work_id)
        work = look.works[work_id]
        yield work, shown
        roots += [(layer.work, f"{layer.kind} seen in it") for layer in work.layers if layer.work]


def _account(work: WorkFact, shown: str, look: Lookup) -> WorkAccount:
    grouped: dict[tuple[str, Path, tuple[LinkFact, ...]], list[Need]] = {}
    for need in needs(work, look):
        grouped.setdefault((need.holder.party, need.path, need.holder.links), []).append(need)
    free = {
        spoken_place(place, work, look): None
        for _, place, found in look.titles(work)
        if found.free is not None
    }
    return WorkAccount(
        work=work.id,
        title=work.title,
        shown=shown,
        creators=tuple(look.name(creator) for creator in work.creators),
        steps=tuple(_step(group, work, look) for group in grouped.values()),
        free=tuple(free),
    )


def _step(group: list[Need], work: WorkFact, look: Lookup) -> Step:
    holder, path = group[0].holder, group[0].path
    return Step(
        holder=look.name(holder.party),
        title=KNOWN[holder.title],
        chain=tuple(_link(link, look) for link in holder.links),
        says=STATUSES[path.status],
        passes=path.status in PASSING,
        actions=tuple(sorted({need.action for need in group})),
        places=tuple(sorted({spoken_place(need.place, work, look) for need in group})),
        grant=path.grant,
        licence=path.licence,
        evidence=path.evidence,
    )


def _link(link: LinkFact, look: Lookup) -> str:
    since = f" since {link.starts.isoformat()}" if link.starts else ""
    by = f" by {look.name(link.grantor)}" if link.grantor else ""
    return f"{look.name(link.party)} {KINDS.get(link.kind, link.kind)}{by}{since}"


def _lines(account: Account) -> Iterator[str]:
    if not account.works:
        yield "  It is not stated what it shows, and it was not recognised."
    for work in account.works:
        makers = ", ".join(work.creators) or "nobody on record"
        yield f"  shows “{work.title}” ({work.shown}), made by {makers}"
        yield from (f"    is free of copyright in {place}" for place in work.free)
        if not work.steps and not work.free:
            yield "    held by nobody on record"
        for step in work.steps:
            yield f"    held by {step.holder} ({step.title}): {'; '.join(step.chain)}"
            by = f" by the licence {step.licence}" if step.licence else ""
            by = f" by grant {step.grant}" if step.grant else by
            yield (
                f"      {step.says}{by}, for {', '.join(step.actions)} in {', '.join(step.places)}"
            )
