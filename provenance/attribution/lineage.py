"""Reads what PROV-O exports of works and sets tell; `registry` adds models to the same things."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from ledger.models import Entry
from ledger.rules import timestamp
from provenance.attribution.prov import Activity, Agent, Entity, urn
from provenance.clearance.gathering.works import holders
from provenance.models import Delegation, Evaluation, Grant, Image, Party, Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from django.db.models import QuerySet

    from provenance.models import ImageSet

    Thing = Agent | Activity | Entity

DECLARED = ("work.declared", "work.protected")
BATCH = 5000
"""Subjects in one query: databases bound how many values it may name."""


def holders_of(works: list[Work]) -> dict[UUID, list[Party]]:
    """By work: who holds the rights today, somewhere, as the chain of title tells."""
    found: dict[UUID, list[Party]] = {}
    for start in range(0, len(works), BATCH):
        some = works[start : start + BATCH]
        today = holders(some, timezone.now().date())
        for work in some:
            parties = {link.party_id: link.party for link in work.title_links.all()}
            found[work.pk] = [
                party for pk, party in parties.items() if str(pk) in today.get(str(work.pk), ())
            ]
    return found


def trace_work(work: Work, grants: QuerySet[Grant]) -> Iterator[Thing]:
    """One work: who made it, who holds it, who declared it, and those of `grants` that cover it."""
    yield from trace_works([work])
    yield from trace_grants(grants, [work])


def trace_set(image_set: ImageSet) -> Iterator[Thing]:
    """A set: its pictures, their works, the permissions for its owner, and its decisions."""
    items = list(image_set.items.select_related("image").order_by("position"))
    members = tuple(urn(item.image_id) for item in items)
    yield Entity(
        urn(image_set.pk),
        "ImageSet",
        {"prov:hadMember": members, "prov:wasAttributedTo": (urn(image_set.owner_id),)},
        {"prov:generatedAtTime": timestamp(image_set.created_at)},
        types=("prov:Collection",),
    )
    yield Agent(urn(image_set.owner_id))
    yield from (picture(item.image, item.work_id, item.source_url) for item in items)
    works = list(with_people(Work.objects.filter(items__image_set=image_set).distinct()))
    yield from trace_works(works)
    given = Q(assignee=None) | Q(assignee=image_set.owner_id)
    yield from trace_grants(Grant.objects.filter(given), works)
    yield from trace_decisions(f"set:{image_set.pk}", urn(image_set.pk))


def with_people(works: QuerySet[Work]) -> QuerySet[Work]:
    """`works` with all that `trace_works` reads, in a few queries."""
    return works.prefetch_related("creators", "title_links__party", "licence_claims")


def picture(image: Image, work_id: UUID | None, source: str = "") -> Entity:
    """An image file, a rendition of its work."""
    links = {"prov:wasDerivedFrom": (urn(work_id),) if work_id else ()}
    return Entity(urn(image.pk), "Image", links, {"imp:sha256": image.sha256, "imp:source": source})


def trace_works(works: Iterable[Work]) -> Iterator[Thing]:
    """Works with creators and holders, and the activities by which they came on record."""
    named: dict[str, str] = {}
    works = list(works)
    holding = holders_of(works)
    people = {party.pk for parties in holding.values() for party in parties}
    people |= {party.pk for work in works for party in work.creators.all()}
    yield from trace_delegations(people)
    for work in works:
        makers, held_by = list(work.creators.all()), holding[work.pk]
        named[f"work:{work.pk}"] = urn(work.pk)
        yield from (party_agent(party) for party in (*makers, *held_by))
        yield Entity(
            urn(work.pk),
            "Work",
            {
                "prov:wasAttributedTo": tuple(urn(party.pk) for party in makers),
                "imp:rightsHeldBy": tuple(urn(party.pk) for party in held_by),
            },
            {
                "dcterms:title": work.title,
                "imp:madeBy": work.source,
                "imp:licence": tuple(
                    sorted({claim.licence_id for claim in work.licence_claims.all()})
                ),
            },
        )
    yield from activities(named, DECLARED, "Declaration")


def trace_delegations(principals: Iterable[UUID]) -> Iterator[Agent]:
    """Whoever decides for these parties today, on behalf of whom they do."""
    ids, today = sorted(principals), timezone.now().date()
    for start in range(0, len(ids), BATCH):
        live = Delegation.objects.filter(principal__in=ids[start : start + BATCH], ended_at=None)
        begun = live.filter(Q(starts=None) | Q(starts__lte=today))
        lasting = begun.filter(Q(ends=None) | Q(ends__gte=today)).order_by("pk")
        for one in lasting.select_related("agent", "principal"):
            yield party_agent(one.principal)
            yield replace(party_agent(one.agent), acts_for=(urn(one.principal_id),))


def party_agent(party: Party) -> Agent:
    """A party, by its id alone."""
    person = party.kind == Party.Kind.PERSON
    return Agent(urn(party.pk), "prov:Person" if person else "prov:Organization")


def trace_grants(grants: QuerySet[Grant], works: Iterable[Work]) -> Iterator[Thing]:
    """Those of `grants` that cover any of `works`, with who gave them in whose name."""
    holding, held = holders_of(list(works)), defaultdict(set)
    ids = set(holding)
    for work, parties in holding.items():
        for party in parties:
            held[party.pk].add(work)
    for grant in grants.select_related("assigner").prefetch_related("works").order_by("pk"):
        named = {work.pk for work in grant.works.all()} & ids
        covered = named | (held[grant.assigner_id] if grant.all_works else set())
        if covered:
            yield from _grant(grant, covered)


def _grant(grant: Grant, covered: Iterable[UUID]) -> Iterator[Thing]:
    giver, assigner = urn(grant.given_by_id or grant.pk), urn(grant.assigner_id)
    yield party_agent(grant.assigner)
    yield Agent(giver, acts_for=(assigner,))
    yield Entity(
        urn(grant.pk),
        "Grant",
        {
            "prov:wasAttributedTo": (assigner, giver),
            "imp:covers": tuple(urn(work) for work in covered),
        },
        {
            "imp:permits": tuple(sorted(map(str, grant.actions))),
            "prov:generatedAtTime": timestamp(grant.given_at),
            "prov:invalidatedAtTime": timestamp(grant.revoked_at) if grant.revoked_at else None,
        },
        types=("odrl:Agreement",),
    )


def trace_decisions(subject: str, about: str) -> Iterator[Activity]:
    """Every decision made about `subject` (as the ledger names it), which `about` stands for."""
    for evaluation in Evaluation.objects.filter(subject=subject).order_by("evaluated_at"):
        yield Activity(
            urn(evaluation.pk),
            "Evaluation",
            ended=timestamp(evaluation.evaluated_at),
            used=(about,),
            values={
                "imp:outcome": evaluation.outcome,
                "imp:factsSha256": evaluation.facts_id,
                "imp:policyVersion": evaluation.policy_version,
            },
        )


def activities(named: dict[str, str], kinds: Iterable[str], kind: str) -> Iterator[Thing]:
    """The ledger entries of `kinds` on these subjects, as activities that used what they name."""
    subjects = sorted(named)
    for start in range(0, len(subjects), BATCH):
        some = subjects[start : start + BATCH]
        entries = Entry.objects.filter(subject__in=some, kind__in=list(kinds))
        for entry in entries.order_by("subject", "position"):
            actor = urn(entry.actor)
            yield Agent(actor, "prov:SoftwareAgent" if entry.actor == "system" else "prov:Agent")
            at, used = timestamp(entry.at), (named[entry.subject],)
            more = {"imp:entryDigest": entry.digest}
            yield Activity(urn(entry.pk), kind, by=actor, ended=at, used=used, values=more)
