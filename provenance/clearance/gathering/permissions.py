"""Grants, delegations and prohibitions that may concern a set, and the parties behind them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from provenance.clearance import rules
from provenance.clearance.gathering.levels import levels
from provenance.clearance.gathering.works import declared
from provenance.clearance.rules import Known
from provenance.clearance.rules.addresses import host_of, hosts_of, lies_in, located
from provenance.models import Contact, Delegation, Grant, Party, Reservation

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from provenance.models import ImageSet


def delegations(principals: Iterable[Any], today: date) -> tuple[rules.DelegationFact, ...]:
    """Who decides for these parties."""
    live = Delegation.objects.filter(principal__in=list(principals), ended_at=None)
    return tuple(
        rules.DelegationFact(
            principal=str(d.principal_id),
            agent=str(d.agent_id),
            role=d.role,
            actions=tuple(sorted(d.actions)),
            level=levels(d.evidence, today, identity=d.level).identity,
            territories=tuple(sorted(d.territories)) or (rules.WORLD,),
            starts=d.starts,
            ends=d.ends,
        )
        for d in live.select_related("evidence").order_by("pk")
    )


def grants(
    image_set: ImageSet, parties: Iterable[Any], others: Iterable[Any], use: rules.Use, today: date
) -> tuple[rules.GrantFact, ...]:
    """What these parties permit about the set's declared works, and `others`.

    An answer to a request is a yes to that request: it does not travel to another set.
    """
    about = Q(works__in=declared(image_set)) | Q(works__in=list(others))
    found = (
        Grant.objects.filter(assigner__in=list(parties))
        .filter(Q(ask=None) | Q(ask__image_set=image_set))
        .filter(Q(all_works=True) | about | Q(works=None))
        .select_related("evidence")
        .prefetch_related("works", "uses")
        .distinct()
    )
    return tuple(_grant(grant, use, today) for grant in sorted(found, key=lambda g: str(g.pk)))


def _grant(grant: Grant, use: rules.Use, today: date) -> rules.GrantFact:
    known = levels(grant.evidence, today, identity=grant.identity_level)
    works = None
    if not grant.all_works:
        works = tuple(sorted(str(work.pk) for work in grant.works.all()))
    return rules.GrantFact(
        id=str(grant.pk),
        assigner=str(grant.assigner_id),
        actions=tuple(sorted(grant.actions)),
        works=works,
        assignee=str(grant.assignee_id) if grant.assignee_id else None,
        commercial=grant.commercial,
        territories=tuple(grant.territories) or (rules.WORLD,),
        bases=tuple(grant.bases),
        not_before=grant.not_before,
        not_after=grant.not_after,
        revoked_on=_revoked_on(grant),
        identity=known.identity,
        evidence=known.digest or str(grant.pk),
        given_on=grant.given_at.date(),
        purposes=tuple(sorted(grant.purposes)),
        recipients=tuple(sorted(grant.recipients)),
        models_left=_models_left(grant, use),
    )


def _revoked_on(grant: Grant) -> date | None:
    """The first day without it: a withdrawal with notice ends it later."""
    if grant.revoked_at is None:
        return None
    return grant.revoked_from or grant.revoked_at.date()


def _models_left(grant: Grant, use: rules.Use) -> int | None:
    if grant.max_models is None:
        return None
    others = {made.subject for made in grant.uses.all()} - {f"request:{use.request}"}
    return grant.max_models - len(others)


def reservations(parties: Iterable[Any], urls: Iterable[str]) -> tuple[rules.ReservationFact, ...]:
    """Prohibitions by these parties, and any that concern where pictures were found."""
    live = Reservation.objects.filter(lifted_at=None).order_by("pk")
    about = list(live.filter(party__in=list(parties), url_prefix=""))
    hosts = hosts_of(urls)
    there = [r for r in live.exclude(url_prefix="") if host_of(located(r.url_prefix)) in hosts]
    owners = _owners(there)
    return tuple(_reservation(r, owners) for r in (*about, *there))


def _owners(found: list[Reservation]) -> dict[Any, list[tuple[str, int]]]:
    """By party: its domains, and how well it is known that they are its own."""
    owners: dict[Any, list[tuple[str, int]]] = defaultdict(list)
    domains = Contact.objects.filter(kind=Contact.Kind.DOMAIN, ended_at=None)
    for party, domain, level in domains.filter(party__in={r.party_id for r in found}).values_list(
        "party", "value", "level"
    ):
        owners[party].append((domain, level))
    return owners


def _reservation(
    reservation: Reservation, owners: dict[Any, list[tuple[str, int]]]
) -> rules.ReservationFact:
    host = host_of(located(reservation.url_prefix))
    known = [level for domain, level in owners[reservation.party_id] if lies_in(host, domain)]
    return rules.ReservationFact(
        party=str(reservation.party_id),
        registered_on=reservation.stated_on or reservation.registered_at.date(),
        work=str(reservation.work_id) if reservation.work_id else None,
        url_prefix=reservation.url_prefix,
        level=Known(max(known, default=0)),
    )


def parties(ids: Iterable[Any]) -> tuple[rules.PartyFact, ...]:
    """Parties by id, with all their names."""
    found = Party.objects.filter(pk__in=set(ids)).order_by("pk").prefetch_related("other_names")
    return tuple(
        rules.PartyFact(
            str(party.pk), party.name, tuple(sorted(n.text for n in party.other_names.all()))
        )
        for party in found
    )
