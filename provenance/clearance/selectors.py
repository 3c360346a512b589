"""Gather the facts of a decision, in a number of queries that does not grow with the set."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from provenance.clearance import rules
from provenance.clearance.gathering import permissions, pictures, works
from provenance.clearance.rules import Known, Severity
from provenance.clearance.rules.collector import collector_paused
from provenance.consent.policy import current_policy
from provenance.models import Grant, Resolution, Standing, StandingBasis
from provenance.naming.selectors import names_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provenance.models import ImageSet

POLICY_SEVERITY = {"block": Severity.BLOCK, "flag": Severity.FLAG, "clear": None}


@collector_paused()
def gather(
    image_set: ImageSet,
    use: rules.Use,
    *,
    today: date,
    base: rules.BaseFact | None = None,
    subject: str = "",
) -> rules.Facts:
    """All that is on record about the pictures of `image_set` and this `use` of them.

    Also about the pictures that `subject`, whose decision it is, shows to others.
    """
    shown = pictures.pictures(image_set)
    exhibits = pictures.exhibits(subject)
    recognised = {one.work for shows in (*shown, *exhibits) for one in shows.matches if one.work}
    found = works.works(image_set, recognised, today)
    names = names_in(use.texts, applicant=use.applicant, today=today)
    concerned = _concerned(found, shown)
    delegations = permissions.delegations(concerned, today)
    speaking = concerned | {delegation.agent for delegation in delegations}
    covered = {work.id for work in found} | {whole for work in found for whole in work.part_of}
    others = covered - {picture.work for picture in shown}
    reserved = permissions.reservations(concerned, {picture.source_url for picture in shown})
    named = {name.party for name in names if name.party} | {r.party for r in reserved}
    return rules.Facts(
        today=today,
        pictures=shown,
        works=found,
        parties=permissions.parties(speaking | named),
        grants=permissions.grants(image_set, speaking, others, use, today),
        delegations=delegations,
        reservations=reserved,
        names=names,
        base=base,
        exhibits=exhibits,
        resolutions=_resolutions(image_set),
        policy=_policy(),
    )


def _concerned(found: Iterable[rules.WorkFact], shown: Iterable[rules.PictureFact]) -> set[str]:
    """Whoever made, held or holds one of the works, or can be recognised in a picture."""
    links = [link for work in found for link in work.links]
    ids: set[str | None] = {creator for work in found for creator in work.creators}
    ids |= {link.party for link in links} | {link.grantor for link in links}
    ids |= {person.party for picture in shown for person in picture.shown}
    return {party for party in ids if party is not None}


def _policy() -> rules.Policy:
    policy = current_policy()
    return rules.Policy(
        silent_licence=POLICY_SEVERITY[policy["silent_licence"]],
        uncleared_base=Severity(policy["uncleared_base"]),
        evidence=tuple(
            rules.Minimum(action, Known(identity), Known(title))
            for action, (identity, title) in sorted(policy["evidence"].items())
        ),
    )


def undecided(subjects: Iterable[str], *, today: date, limit: int) -> list[str]:
    """Those of `subjects` whose standing went stale or came to its last day, longest ago first."""
    over = Q(stale_at__isnull=False) | Q(valid_until__lt=today)
    found = Standing.objects.filter(over, pk__in=list(subjects)).order_by("stale_at", "pk")
    return list(found.values_list("pk", flat=True)[:limit])


@dataclass(frozen=True)
class Ending:
    """A permission that ends by its own date, and what rests on it."""

    grant: Grant
    on: date
    subjects: tuple[str, ...]


def ending(subjects: Iterable[str], *, today: date, days: int) -> list[Ending]:
    """Permissions that end within `days`, and which of `subjects` rest on them; soonest first."""
    last = today + timedelta(days=days)
    bases = StandingBasis.objects.filter(kind="grant", standing__in=list(subjects))
    resting: dict[str, set[str]] = defaultdict(set)
    for ref, subject in bases.values_list("ref", "standing_id"):
        resting[ref].add(subject)
    by_date = Q(not_after__range=(today, last))
    by_date |= Q(revoked_from__gt=today, revoked_from__lte=last)  # it is the first day without
    found = Grant.objects.filter(by_date, pk__in=list(resting)).select_related("assigner")
    endings = [
        Ending(
            grant=grant,
            on=min(day for day in (grant.not_after, grant.revoked_from) if day is not None),
            subjects=tuple(sorted(resting[str(grant.pk)])),
        )
        for grant in found
    ]
    return sorted(endings, key=lambda one: (one.on, str(one.grant.pk)))


def scoped(image_set: ImageSet, subject: str) -> str:
    """A finding's subject as resolutions store it: "base" or "name:token" belong to one set."""
    return f"{image_set.pk}:{subject}"


def _resolutions(image_set: ImageSet) -> tuple[rules.ResolutionFact, ...]:
    prefix = scoped(image_set, "")
    found = Resolution.objects.filter(subject__startswith=prefix).order_by("pk")
    return tuple(
        rules.ResolutionFact(
            r.code, r.subject.removeprefix(prefix), r.evidence_digest, r.policy_version
        )
        for r in found
    )
