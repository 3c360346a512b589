"""Reads of works, parties, licences and evidence, by who may see them."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.http import Http404

from accounts.actors import OVERSEERS
from provenance.attribution.channels import live_contacts
from provenance.attribution.rules import Look, Shown, Statement
from provenance.intake.selectors import visible_sets
from provenance.models import (
    Contact,
    Delegation,
    Dispute,
    Evidence,
    Level,
    Match,
    Party,
    PartyMember,
    Protection,
    SetImage,
    Work,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User
    from provenance.models import Image, PersonShown


CHECKERS: Final = frozenset({"reviewer", "operator"})
"""Roles that say what a document shows, and how well an address is known."""
MOST_CLAIMED: Final = 100
"""Works that one claim may dispute at once."""


def visible_works(user: User) -> QuerySet[Work]:
    """Protected works, one's own declarations, and works of parties that one speaks for."""
    works = Work.objects.prefetch_related(
        "creators", "title_links__party", "licence_claims__licence", "licence_claims__licensor"
    )
    if user.roles & OVERSEERS:
        return works
    parties = Party.spoken_for_by(user.pk)
    theirs = Q(title_links__party__in=parties) | Q(creators__in=parties)
    theirs |= Q(title_links__grantor__in=parties)
    known = Q(registered_by=user) | Q(protections__ended_at=None, protections__isnull=False)
    return works.filter(known | theirs).distinct()


def parties_named(search: str) -> QuerySet[Party]:
    """Parties whose name contains `search`: whoever declares a work must be able to find them."""
    found = Party.objects.filter(merged_into=None).prefetch_related("other_names")
    if not search:
        return found
    return found.filter(
        Q(name__icontains=search) | Q(other_names__text__icontains=search)
    ).distinct()


def sees_contacts(user: User, party: Party) -> bool:
    """Addresses are shown to those known to speak for the party, and to overseers."""
    known = PartyMember.known(user)
    return bool(user.roles & OVERSEERS) or known.filter(party=party).exists()


def contacts_for(user: User, party: Party) -> QuerySet[Contact]:
    """The party's live addresses that `user` may see; who gave one sees that one."""
    live = live_contacts(party).select_related("party", "added_by").order_by("added_at", "pk")
    return live if sees_contacts(user, party) else live.filter(added_by=user)


def delegations_of(party: Party) -> QuerySet[Delegation]:
    """Who decides for `party`, and for whom it decides."""
    either = Q(principal=party) | Q(agent=party)
    live = Delegation.objects.filter(either, ended_at=None).select_related("principal", "agent")
    return live.order_by("declared_at", "pk")


def visible_evidence(user: User) -> QuerySet[Evidence]:
    """One's own evidence; reviewers, auditors and operators see all of it."""
    evidence = Evidence.objects.select_related("submitted_by", "checked_by", "party")
    return evidence if user.roles & OVERSEERS else evidence.filter(submitted_by=user)


def evidence_to_check(user: User) -> QuerySet[Evidence]:
    """Documents of others that nobody has looked at; empty for whoever checks none."""
    if not user.roles & CHECKERS:
        return Evidence.objects.none()
    return Evidence.objects.filter(checked_at=None).exclude(submitted_by=user)


def contacts_to_check(user: User) -> QuerySet[Contact]:
    """Addresses through which a request was answered, and of which nobody knows whose they are."""
    if not user.roles & CHECKERS:
        return Contact.objects.none()
    answered = Contact.objects.filter(level=Level.SELF_DECLARED, ended_at=None)
    answered = answered.filter(links__used_at__isnull=False, party__merged_into=None)
    theirs = Party.spoken_for_by(user.pk)
    return answered.exclude(added_by=user).exclude(party__in=theirs).distinct()


def evidence_for(user: User, evidence_id: uuid.UUID | str) -> Evidence:
    """A piece of evidence that the user may see, or Http404."""
    found = visible_evidence(user).filter(pk=evidence_id).first()
    if found is None:
        raise Http404
    return found


def look_of(image: Image) -> Look:
    """What `image` looks like, for `rules.shows_same`."""
    return Look(image.normalised_sha256, image.pdq, tuple(image.pdq_dihedral), image.quality)


def look_of_protection(protection: Protection) -> Look:
    """The same of a protected picture, of which only the fingerprints may be here."""
    if protection.image is not None:
        return look_of(protection.image)
    return Look("", protection.entry.pdq, (), protection.entry.quality)


def statement_of(item: SetImage) -> Statement:
    """What is stated of a picture now, as `services.declare` would take it again.

    Holders are those from the beginning; what followed is the work's chain of title.
    """
    copy = Statement(
        source_url=item.source_url,
        collector=item.collector,
        persons=item.persons,
        persons_shown=tuple(_shown(one) for one in item.persons_shown.all()),
        warranted=item.warranted,
    )
    work = item.work
    if work is None:
        return copy
    holdings = [h for h in work.title_links.all() if h.ended_at is None and h.grantor_id is None]
    claim = next(iter(work.licence_claims.all()), None)
    evidence = next((h.evidence_id for h in holdings if h.evidence_id), None)
    if evidence is None and claim is not None:
        evidence = claim.evidence_id
    return replace(
        copy,
        title=work.title,
        creators=tuple(sorted(party.name for party in work.creators.all())),
        holders=tuple(sorted(holding.party.name for holding in holdings)),
        licence=claim.licence_id if claim else "",
        credit_line=claim.credit_line if claim else "",
        evidence=str(evidence or ""),
        reference=work.reference,
        made_by=work.source,
    )


def _shown(person: PersonShown) -> Shown:
    party = person.party
    return Shown(party.name if party else "", str(party.pk) if party else "", person.minor)


def works_referred_to(reference: str, holder: str = "") -> list[Work]:
    """Works by their id, by a picture's sha256, or by what their holder, who is named, calls them.

    Whoever claims them need not be allowed to see them, so the answer is not to be shown.
    """
    if re.fullmatch(r"[0-9a-f]{64}", reference.strip()):
        shown = Work.objects.filter(items__image__sha256=reference.strip())
        return list(shown.distinct().order_by("pk")[:MOST_CLAIMED])
    try:
        return list(Work.objects.filter(pk=uuid.UUID(reference.strip())))
    except ValueError:
        named = Work.objects.filter(reference=reference.strip()).exclude(reference="")
    holds = Q(title_links__party__name__iexact=holder.strip(), title_links__ended_at=None)
    return list(named.filter(holds).distinct()) if holder.strip() else []


def works_like(protection: Protection) -> list[Work]:
    """Works that others declared of pictures which match a protected one; not to be shown."""
    like = Match.objects.filter(entry__protection=protection, outcome=Match.Outcome.MATCH)
    shown = Work.objects.filter(items__image__matches__in=like) | Work.objects.filter(
        protections__image__matches__in=like
    )
    return list(shown.exclude(pk=protection.work_id).distinct().order_by("pk")[:MOST_CLAIMED])


def open_claims(user: User) -> QuerySet[Dispute]:
    """The claims of the user's parties, newest first; reviewers see all.

    Only those to works that the user may see, or that were resolved: that another was filed would
    tell that there is such a work.
    """
    found = Dispute.objects.select_related("claimant", "work").order_by("-opened_at")
    if user.is_reviewer:
        return found
    shown = Q(work__in=visible_works(user)) | Q(resolved_at__isnull=False)
    return found.filter(shown, claimant__in=Party.spoken_for_by(user.pk))


def has_history(work: Work) -> bool:
    """Whether more is on record about the work than a declaration can say again."""
    return (
        work.title_links.exclude(grantor=None, ended_at=None, undoes=None).exists()
        or work.layers.exists()
        or work.statuses.exists()
        or work.disputes.exists()
    )


def visible_work(user: User, work_id: uuid.UUID | str) -> Work:
    """A work that the user may see, or Http404."""
    found = visible_works(user).filter(pk=work_id).first()
    if found is None:
        raise Http404
    return found


def pictured_protections(user: User) -> QuerySet[Protection]:
    """Protected pictures that the user may look at.

    Merely saying that one speaks for their holder opens nobody's pictures.
    """
    found = Protection.objects.filter(image__isnull=False, ended_at=None).select_related("image")
    if user.roles & OVERSEERS:
        return found
    known = PartyMember.known(user)
    return found.filter(Q(registered_by=user) | Q(holder__in=known.values("party")))


def renditions_of(user: User, work: Work) -> QuerySet[SetImage]:
    """The pictures of the work in those sets that the user may look at."""
    return (
        SetImage.objects.filter(work=work, image_set__in=visible_sets(user))
        .select_related("image", "image_set")
        .order_by("added_at", "pk")
    )
