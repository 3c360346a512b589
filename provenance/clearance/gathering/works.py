"""Works with their chains of title, licences, layers, statuses and disputes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Q
from django.db.models.functions import Cast

from provenance.clearance import rules
from provenance.clearance.gathering.columns import day, ident, text, words
from provenance.clearance.gathering.levels import CITED, cited, levels
from provenance.clearance.rules import Known, Speaks
from provenance.clearance.rules.title import places, title
from provenance.models import (
    CreatorNotice,
    Dispute,
    Layer,
    LicenceClaim,
    TerritoryStatus,
    TitleLink,
    Work,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from django.db.models import QuerySet

    from provenance.models import ImageSet

Row = tuple[Any, ...]
Columns = tuple[str | Cast, ...]
T = TypeVar("T")
DEPTH = 4
"""Works seen in works seen in works: no further, or a loop would never end."""
WORK: Columns = (text("pk"), "title", "source", text("part_of"), text("part_of__part_of"))
LINK: Columns = (
    text("work"),
    text("pk"),
    text("party"),
    "kind",
    text("grantor"),
    text("conveys"),
    text("reserves"),
    text("territories"),
    text("share"),
    text("starts"),
    text("ends"),
    text("undoes"),
    "level",
    *CITED,
)
TERMS = ("training", "commercial", "derivatives", "share_alike", "attribution", "reading")
LICENCE: Columns = (
    text("work"),
    "licence",
    text("licensor"),
    "source_url",
    text("not_after"),
    *(f"licence__{term}" for term in TERMS),
    *CITED,
)
STATUS: Columns = (text("work"), "territory", "status", "level", *CITED)


def works(image_set: ImageSet, recognised: set[str], today: date) -> tuple[rules.WorkFact, ...]:
    """The works that are declared or recognised in a set, and those that are seen in them."""
    found: dict[str, rules.WorkFact] = {}
    ids: Any = declared(image_set)
    for _ in range(DEPTH):
        found |= {work.id: work for work in _read(ids, today)}
        seen = {layer.work for work in found.values() for layer in work.layers}
        ids = (recognised | seen) - {None, *found}
        if not ids:
            break
    for work, objecting in _objections(found.values()).items():
        found[work] = replace(found[work], objectors=tuple(sorted(objecting)))
    return tuple(sorted(found.values(), key=lambda work: work.id))


def declared(image_set: ImageSet) -> QuerySet[Any, Any]:
    """Ids of the works that its pictures are declared to show, as a part of a larger query."""
    return image_set.items.exclude(work=None).order_by().values("work")


def _read(ids: Any, today: date) -> Iterable[rules.WorkFact]:
    """The works of a query, or of a set of ids: one query for each kind of record about them."""
    lasting = Q(work__in=ids, ended_at=None)
    made = Work.creators.through.objects.filter(work__in=ids)
    creators = _by_work(made.values_list(text("work"), text("party")), lambda row: ident(row[1]))
    links = _by_work(
        TitleLink.objects.filter(lasting).order_by("pk").values_list(*LINK),
        lambda row: _link(row, today),
    )
    licences = _by_work(
        LicenceClaim.objects.filter(lasting).order_by("pk").values_list(*LICENCE),
        lambda row: _licence(row, today),
    )
    layers = _by_work(
        Layer.objects.filter(work__in=ids)
        .order_by("pk")
        .values_list(text("work"), "kind", "state", text("shows")),
        lambda row: rules.LayerFact(row[1], row[2], ident(row[3])),
    )
    statuses = _by_work(
        TerritoryStatus.objects.filter(work__in=ids).order_by("pk").values_list(*STATUS),
        lambda row: _status(row, today),
    )
    open_ones = Dispute.objects.filter(work__in=ids, resolved_at=None)
    disputes = _by_work(open_ones.values_list(text("work"), "evidenced"), lambda row: bool(row[1]))
    for key, named, source, whole, collection in Work.objects.filter(pk__in=ids).values_list(*WORK):
        disputed = disputes.get(key, ())
        yield rules.WorkFact(
            id=ident(key),
            title=named,
            creators=tuple(sorted(creators.get(key, ()))),
            links=tuple(links.get(key, ())),
            licences=tuple(licences.get(key, ())),
            source=source,
            layers=tuple(layers.get(key, ())),
            statuses=tuple(statuses.get(key, ())),
            part_of=tuple(ident(one) for one in (whole, collection) if one is not None),
            dispute=("evidenced" if any(disputed) else "claimed") if disputed else "",
        )


def _by_work(rows: QuerySet[Any, Any], fact: Callable[[Row], T]) -> dict[str, list[T]]:
    """The facts of `rows` by the work in their first column, as the database writes its id."""
    found: dict[str, list[T]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(fact(row))
    return found


def _objections(found: Iterable[rules.WorkFact]) -> dict[str, set[str]]:
    """By work: its creators who were told of a holder's permission for it, and object."""
    made: dict[str, set[str]] = defaultdict(set)
    for work in found:
        for creator in work.creators:
            made[creator].add(work.id)
    notices = (
        CreatorNotice.objects.filter(state=CreatorNotice.State.OBJECTED, grant__revoked_at=None)
        .filter(creator__in=set(made))
        .select_related("grant")
        .prefetch_related("grant__works")
    )
    objecting: dict[str, set[str]] = defaultdict(set)
    for notice in notices:
        theirs = made[str(notice.creator_id)]
        if not notice.grant.all_works:
            theirs = theirs & {str(work.pk) for work in notice.grant.works.all()}
        for about in theirs:
            objecting[about].add(str(notice.creator_id))
    return objecting


def holders(works: Iterable[Work], today: date) -> dict[str, set[str]]:
    """By work: ids of the parties that hold the right to permit training anywhere today."""
    live = TitleLink.objects.filter(work__in=works, ended_at=None).order_by("pk")
    links = _by_work(live.values_list(*LINK), lambda row: _link(row, today))
    facts = [rules.WorkFact(ident(key), "", links=tuple(own)) for key, own in links.items()]
    return {
        fact.id: {
            holder.party
            for place in places(fact, (rules.WORLD,))
            for holder in title(fact, "train", place, today).holders
        }
        for fact in facts
    }


def _link(row: Row, today: date) -> rules.LinkFact:
    pk, party, kind, grantor, conveys, reserves, territories, share, starts, ends, undoes = row[
        1:12
    ]
    known = levels(cited(row[13:]), today, title=row[12])
    return rules.LinkFact(
        party=ident(party),
        title=known.title,
        evidence=known.digest,
        id=ident(pk),
        kind=kind,
        grantor=ident(grantor),
        conveys=words(conveys),
        reserves=words(reserves),
        territories=words(territories) or (rules.WORLD,),
        share=None if share is None else float(share),
        starts=day(starts),
        ends=day(ends),
        undoes=ident(undoes),
    )


def _licence(row: Row, today: date) -> rules.LicenceFact:
    _, code, licensor, source, not_after, training, *terms = row[:11]
    known = levels(cited(row[11:]), today)
    commercial, derivatives, share_alike, attribution, reading = terms
    return rules.LicenceFact(
        code=code,
        licensor=ident(licensor),
        training=Speaks(training),
        commercial=commercial,
        derivatives=derivatives,
        identity=known.identity,
        title=known.title,
        evidence=known.digest,
        source=source.split("/")[2] if "//" in source else "",
        share_alike=share_alike,
        attribution=attribution,
        reading=reading,
        not_after=day(not_after),
    )


def _status(row: Row, today: date) -> rules.StatusFact:
    _, territory, status, level, *evidence = row
    known = levels(cited(tuple(evidence)), today, title=level)
    return rules.StatusFact(territory, status, Known(known.title), known.digest)
