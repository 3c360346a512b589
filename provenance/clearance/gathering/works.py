"""Works with their chains of title, licences, layers, statuses and disputes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from provenance.clearance import rules
from provenance.clearance.gathering.levels import levels
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
    from collections.abc import Iterable
    from datetime import date

DEPTH = 4
"""Works seen in works seen in works: no further, or a loop would never end."""


def works(ids: Iterable[Any]) -> list[Work]:
    """These works, and those that are seen in them, with all that a decision needs."""
    found: dict[Any, Work] = {}
    wanted = set(ids)
    for _ in range(DEPTH):
        fresh = {work.pk: work for work in _read(wanted - set(found))}
        found |= fresh
        wanted = {layer.shows_id for work in fresh.values() for layer in work.layers.all()}
        wanted -= {None, *found}
        if not wanted:
            break
    return sorted(found.values(), key=lambda work: str(work.pk))


def _read(ids: set[Any]) -> list[Work]:
    links = TitleLink.objects.filter(ended_at=None).select_related("evidence")
    claims = LicenceClaim.objects.filter(ended_at=None).select_related("licence", "evidence")
    return list(
        Work.objects.filter(pk__in=ids)
        .select_related("part_of__part_of")
        .prefetch_related(
            "creators",
            Prefetch("title_links", queryset=links.order_by("pk")),
            Prefetch("licence_claims", queryset=claims.order_by("pk")),
            Prefetch("layers", queryset=Layer.objects.order_by("pk")),
            Prefetch("statuses", queryset=TerritoryStatus.objects.select_related("evidence")),
            Prefetch("disputes", queryset=Dispute.objects.filter(resolved_at=None)),
        )
    )


def objections(found: Iterable[Work]) -> dict[Any, set[str]]:
    """By work: its creators who were told of a holder's permission for it, and object."""
    creators = {work.pk: {creator.pk for creator in work.creators.all()} for work in found}
    notices = (
        CreatorNotice.objects.filter(state=CreatorNotice.State.OBJECTED, grant__revoked_at=None)
        .filter(creator__in={pk for theirs in creators.values() for pk in theirs})
        .select_related("grant")
        .prefetch_related("grant__works")
    )
    objecting: dict[Any, set[str]] = {}
    for notice in notices:
        covered = {work.pk for work in notice.grant.works.all()}
        for work, theirs in creators.items():
            if notice.creator_id in theirs and (notice.grant.all_works or work in covered):
                objecting.setdefault(work, set()).add(str(notice.creator_id))
    return objecting


def work_fact(work: Work, today: date, objectors: Iterable[str] = ()) -> rules.WorkFact:
    """`work` as the decision sees it; give it one that `works` has read."""
    disputes = list(work.disputes.all())
    evidenced = any(dispute.evidenced for dispute in disputes)
    return rules.WorkFact(
        id=str(work.pk),
        title=work.title,
        creators=tuple(sorted(str(creator.pk) for creator in work.creators.all())),
        links=tuple(_link(link, today) for link in work.title_links.all()),
        licences=tuple(_licence(claim, today) for claim in work.licence_claims.all()),
        source=work.source,
        layers=tuple(
            rules.LayerFact(layer.kind, layer.state, _id(layer.shows_id))
            for layer in work.layers.all()
        ),
        statuses=tuple(_status(status, today) for status in work.statuses.all()),
        part_of=collections_of(work),
        dispute=("evidenced" if evidenced else "claimed") if disputes else "",
        objectors=tuple(sorted(objectors)),
    )


def collections_of(work: Work) -> tuple[str, ...]:
    """What the work is part of, two steps up."""
    first = work.part_of
    second = first.part_of if first is not None else None
    return tuple(str(one.pk) for one in (first, second) if one is not None)


def holders(work: Work, today: date) -> set[str]:
    """Ids of the parties that hold the right to permit training anywhere today.

    Give it a work whose `title_links` are at hand, or that costs queries.
    """
    links = tuple(_link(link, today) for link in work.title_links.all() if link.ended_at is None)
    fact = rules.WorkFact(str(work.pk), work.title, links=links)
    return {
        holder.party
        for place in places(fact, (rules.WORLD,))
        for holder in title(fact, "train", place, today).holders
    }


def _id(pk: object) -> str | None:
    return None if pk is None else str(pk)


def _link(link: TitleLink, today: date) -> rules.LinkFact:
    known = levels(link.evidence, today, title=link.level)
    return rules.LinkFact(
        party=str(link.party_id),
        title=known.title,
        evidence=known.digest,
        id=str(link.pk),
        kind=link.kind,
        grantor=_id(link.grantor_id),
        conveys=tuple(sorted(link.conveys)),
        reserves=tuple(sorted(link.reserves)),
        territories=tuple(sorted(link.territories)) or (rules.WORLD,),
        share=None if link.share is None else float(link.share),
        starts=link.starts,
        ends=link.ends,
        undoes=_id(link.undoes_id),
    )


def _licence(claim: LicenceClaim, today: date) -> rules.LicenceFact:
    known = levels(claim.evidence, today)
    return rules.LicenceFact(
        code=claim.licence_id,
        licensor=str(claim.licensor_id),
        training=Speaks(claim.licence.training),
        commercial=claim.licence.commercial,
        derivatives=claim.licence.derivatives,
        identity=known.identity,
        title=known.title,
        evidence=known.digest,
        source=claim.source_url.split("/")[2] if "//" in claim.source_url else "",
        share_alike=claim.licence.share_alike,
        attribution=claim.licence.attribution,
        reading=claim.licence.reading,
        not_after=claim.not_after,
    )


def _status(status: TerritoryStatus, today: date) -> rules.StatusFact:
    known = levels(status.evidence, today, title=status.level)
    return rules.StatusFact(status.territory, status.status, Known(known.title), known.digest)
