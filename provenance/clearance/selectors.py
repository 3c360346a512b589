"""Gather the facts of a decision, in a number of queries that does not grow with the set."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q

from provenance.clearance import rules
from provenance.clearance.rules import Known, Severity, Speaks
from provenance.consent.policy import current_policy
from provenance.models import (
    Bank,
    Grant,
    LicenceClaim,
    Match,
    Party,
    Reservation,
    Resolution,
    Standing,
    TitleLink,
    Work,
)
from provenance.naming.selectors import names_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from provenance.models import Evidence, ImageSet, SetImage

POLICY_SEVERITY = {"block": Severity.BLOCK, "flag": Severity.FLAG, "clear": None}


def gather(
    image_set: ImageSet, use: rules.Use, *, today: date, base: rules.BaseFact | None = None
) -> rules.Facts:
    """All that is on record about the pictures of `image_set` and this `use` of them."""
    items = _items(image_set)
    shown = {match.protection.work_id for item in items for match in item.image.matches.all()}
    declared = {item.work_id for item in items if item.work_id}
    works = _works(shown | declared)
    concerned = {h.party_id for w in works for h in w.title_links.all()}
    concerned |= {creator.pk for work in works for creator in work.creators.all()}
    names = names_in(use.texts, applicant=use.applicant, today=today)
    policy = current_policy()
    return rules.Facts(
        today=today,
        pictures=_pictures(items),
        works=tuple(_work_fact(work) for work in works),
        parties=_parties(concerned, names),
        grants=_grants(image_set, concerned, [work.pk for work in works]),
        reservations=_reservations(concerned),
        names=names,
        base=base,
        resolutions=_resolutions(image_set),
        policy=rules.Policy(
            silent_licence=POLICY_SEVERITY[policy["silent_licence"]],
            uncleared_base=Severity(policy["uncleared_base"]),
        ),
    )


def standing_of(subject: str) -> Standing | None:
    """The registered standing of `subject` with its evaluation, or None."""
    return Standing.objects.select_related("evaluation").filter(pk=subject).first()


def _items(image_set: ImageSet) -> list[SetImage]:
    live = Match.objects.filter(protection__ended_at=None).select_related("protection")
    return list(
        image_set.items.select_related("image__screening").prefetch_related(
            Prefetch("image__matches", queryset=live)
        )
    )


def _works(ids: Iterable[object]) -> list[Work]:
    holdings = (
        TitleLink.objects.filter(ended_at=None).select_related("evidence").order_by("party_id")
    )
    claims = LicenceClaim.objects.select_related("licence", "evidence").order_by("pk")
    return list(
        Work.objects.filter(pk__in=list(ids))
        .order_by("pk")
        .prefetch_related(
            "creators",
            Prefetch("title_links", queryset=holdings),
            Prefetch("licence_claims", queryset=claims),
        )
    )


def _pictures(items: Sequence[SetImage]) -> tuple[rules.PictureFact, ...]:
    version = Bank.current().version
    same: dict[str, list[SetImage]] = defaultdict(list)
    for item in items:
        same[item.image.normalised_sha256].append(item)
    return tuple(_picture(item, same[item.image.normalised_sha256][0], version) for item in items)


def _picture(item: SetImage, first: SetImage, version: int) -> rules.PictureFact:
    screening = getattr(item.image, "screening", None)
    return rules.PictureFact(
        id=str(item.pk),
        label=item.filename,
        sha256=item.image.sha256,
        work=str(item.work_id) if item.work_id else None,
        matches=tuple(
            rules.MatchFact(
                work=str(match.protection.work_id),
                outcome=match.outcome,
                level=Known(match.protection.level),
                explanation=match.explanation,
            )
            for match in sorted(item.image.matches.all(), key=lambda m: str(m.protection_id))
        ),
        screened=screening is not None and screening.bank_version >= version,
        low_information=screening is not None and screening.low_information,
        duplicate_of=None if first.pk == item.pk else first.filename,
        custody=bool(item.collector and item.source_url),
    )


def _seen(evidence: Evidence | None) -> tuple[Known, Known, str]:
    """Identity, title, and a digest that changes when either is checked anew."""
    if evidence is None:
        return Known.SELF_DECLARED, Known.SELF_DECLARED, ""
    identity, title = Known(evidence.identity_level), Known(evidence.title_level)
    return identity, title, f"{evidence.sha256}:{int(identity)}:{int(title)}"


def _work_fact(work: Work) -> rules.WorkFact:
    return rules.WorkFact(
        id=str(work.pk),
        title=work.title,
        creators=tuple(sorted(str(creator.pk) for creator in work.creators.all())),
        holders=tuple(_holding(holding) for holding in work.title_links.all()),
        licences=tuple(_licence(claim) for claim in work.licence_claims.all()),
        source=work.source,
    )


def _holding(holding: TitleLink) -> rules.HoldingFact:
    _, title, digest = _seen(holding.evidence)
    return rules.HoldingFact(str(holding.party_id), max(title, Known(holding.level)), digest)


def _licence(claim: LicenceClaim) -> rules.LicenceFact:
    identity, title, digest = _seen(claim.evidence)
    return rules.LicenceFact(
        code=claim.licence_id,
        licensor=str(claim.licensor_id),
        training=Speaks(claim.licence.training),
        commercial=claim.licence.commercial,
        derivatives=claim.licence.derivatives,
        identity=identity,
        title=title,
        evidence=digest,
        source=claim.source_url.split("/")[2] if "//" in claim.source_url else "",
    )


def _grants(
    image_set: ImageSet, parties: Iterable[object], works: Iterable[object]
) -> tuple[rules.GrantFact, ...]:
    """An answer to a request is a yes to that request: it does not travel to another set."""
    grants = (
        Grant.objects.filter(assigner__in=list(parties))
        .filter(Q(ask=None) | Q(ask__image_set=image_set))
        .filter(Q(all_works=True) | Q(works__in=list(works)))
        .select_related("evidence")
        .prefetch_related("works")
        .distinct()
    )
    return tuple(_grant(grant) for grant in sorted(grants, key=lambda g: str(g.pk)))


def _grant(grant: Grant) -> rules.GrantFact:
    identity, _, digest = _seen(grant.evidence)
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
        revoked_on=grant.revoked_at.date() if grant.revoked_at else None,
        identity=max(identity, Known(grant.identity_level)),
        evidence=digest or str(grant.pk),
        given_on=grant.given_at.date(),
    )


def _reservations(parties: Iterable[object]) -> tuple[rules.ReservationFact, ...]:
    live = Reservation.objects.filter(party__in=list(parties), lifted_at=None).order_by("pk")
    return tuple(
        rules.ReservationFact(
            party=str(r.party_id),
            registered_on=r.registered_at.date(),
            work=str(r.work_id) if r.work_id else None,
        )
        for r in live
    )


def _parties(ids: Iterable[object], names: Iterable[rules.NameFact]) -> tuple[rules.PartyFact, ...]:
    wanted = {str(i) for i in ids} | {name.party for name in names if name.party}
    found = Party.objects.filter(pk__in=wanted).order_by("pk")
    return tuple(rules.PartyFact(str(party.pk), party.name) for party in found)


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
