"""Two parties claim the same work: it waits for a reviewer, who is neither, to resolve it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.attribution import events
from provenance.attribution.chain import close_link
from provenance.attribution.citing import cited
from provenance.attribution.parties import user_id
from provenance.attribution.voices import locked
from provenance.clearance.services import mark_stale
from provenance.models import Dispute, Level, Party, PartyMember, TitleLink, Work

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.actors import Actor
    from provenance.models import Evidence

ENOUGH = Level.DOCUMENT_CHECKED


def open_dispute(
    *, actor: Actor, work: Work, party: Party, statement: str, evidence: str = ""
) -> Dispute:
    """`party` says that the work is its own, against those on record.

    It blocks only between two claims that were both checked; else it flags, and undoes nothing
    that was approved before, or anybody could stop anything.
    """
    uid = _require_voice(actor, party, statement)
    with transaction.atomic():
        found = locked(work)
        others = _others(found, party)
        dispute = Dispute.objects.create(
            work=found,
            claimant=party,
            claim_evidence=cited(actor, evidence),
            statement=statement.strip(),
            opened_by_id=uid,
        )
        dispute.claimants.set({party, *others})
        dispute.evidenced = _is_evidenced(dispute)
        dispute.save(update_fields=["evidenced"])
        event = events.DisputeOpened(
            dispute=str(dispute.pk), claimant=str(party.pk), evidenced=dispute.evidenced
        )
        append(actor=actor.id, subject=f"work:{found.pk}", event=event, statement=statement.strip())
        mark_stale(kind="work", refs=[str(found.pk)], merely_claimed=not dispute.evidenced)
    return dispute


def claim_works(
    *, actor: Actor, works: Iterable[Work], party: Party, statement: str, evidence: str = ""
) -> str:
    """One claim to each of these works, by somebody who may not see them: what to answer them.

    What is refused is refused before any work is looked at, so that neither the answer nor a
    refusal tells whether there is one. A claim that cannot be made, such as a second one to the
    same work, hinders no other.
    """
    _require_voice(actor, party, statement)
    cited(actor, evidence)
    held = TitleLink.objects.filter(party=party, ended_at=None).values("work")
    wanted = Work.objects.filter(pk__in=[work.pk for work in works]).exclude(pk__in=held)
    for work in wanted.order_by("pk"):
        with suppress(RefusedError):
            open_dispute(
                actor=actor, work=work, party=party, statement=statement, evidence=evidence
            )
    return (
        f"If anybody else has such a work on record, {party} now claims it, and a reviewer looks "
        "at both claims. We do not tell whether there is one."
    )


def _require_voice(actor: Actor, party: Party, statement: str) -> str:
    """The user's id, if they speak for `party` and say why the work is its own."""
    uid = user_id(actor)
    if uid is None or not Party.spoken_for_by(uid).filter(pk=party.pk).exists():
        raise PermissionDenied(f"Only somebody who speaks for {party} claims a work for it.")
    if not statement.strip():
        raise InvalidError("statement_missing", "Say why the work is yours.", "Write a sentence.")
    return str(uid)


def _others(work: Work, party: Party) -> set[Party]:
    """Everybody else in the chain; RefusedError where there is nobody to be at odds with."""
    if work.disputes.filter(claimant=party, resolved_at=None).exists():
        raise RefusedError(
            "already_disputed",
            f"{party} has claimed this work before, and a reviewer has not resolved it yet.",
            "Wait for the reviewer; evidence can be checked meanwhile.",
        )
    live = work.title_links.filter(ended_at=None).exclude(party=party).select_related("party")
    others = {link.party for link in live}
    if not others:
        raise RefusedError(
            "nobody_else",
            "Nobody else is on record as a holder of this work.",
            "Add the party to its chain of title.",
        )
    return others


def _is_evidenced(dispute: Dispute) -> bool:
    """Both the claimant's title and that of somebody against it were checked."""
    sides = {True: 0, False: 0}
    for link in dispute.work.title_links.filter(ended_at=None).select_related("evidence"):
        is_claimants = link.party_id == dispute.claimant_id
        sides[is_claimants] = max(sides[is_claimants], link.level, _title(link.evidence))
    sides[True] = max(sides[True], _title(dispute.claim_evidence))
    return min(sides.values()) >= ENOUGH


def _title(evidence: Evidence | None) -> int:
    return evidence.title_level if evidence else Level.SELF_DECLARED


def weigh_disputes(actor: Actor, works: Iterable[object]) -> list[str]:
    """After a check of evidence: whether each open dispute is between two evidenced claims now.

    Answers the works of those that changed. Call it inside the transaction of the check.
    """
    changed = []
    waiting = Dispute.objects.filter(work__in=list(works), resolved_at=None)
    for dispute in waiting.select_related("work", "claim_evidence").order_by("work_id", "pk"):
        evidenced = _is_evidenced(dispute)
        if evidenced == dispute.evidenced:
            continue
        Dispute.objects.filter(pk=dispute.pk).update(evidenced=evidenced)
        event = events.DisputeWeighed(dispute=str(dispute.pk), evidenced=evidenced)
        append(actor=actor.id, subject=f"work:{dispute.work_id}", event=event)
        changed.append(str(dispute.work_id))
    return changed


def resolve_dispute(
    *,
    actor: Actor,
    dispute: Dispute,
    sentence: str,
    evidence: Evidence,
    losing_link: TitleLink | None = None,
    award: bool = False,
) -> Dispute:
    """A reviewer says who is right and what shows it.

    `losing_link` is ended in the same breath; with `award` the claimant is entered as a holder,
    known as well as its evidence is.
    """
    actor.require("reviewer")
    with transaction.atomic():
        work = locked(dispute.work)
        current = Dispute.objects.select_for_update().get(pk=dispute.pk)
        _require_may_resolve(actor, work, current, sentence)
        if losing_link is not None:
            if losing_link.work_id != work.pk:
                raise InvalidError("unknown_link", "This work has no such link.")
            close_link(actor, losing_link, sentence)
        awarded = _award(current) if award else None
        current.resolved_at, current.resolved_by_id = timezone.now(), user_id(actor)
        current.resolution, current.evidence = sentence.strip(), evidence
        current.save()
        event = events.DisputeResolved(
            dispute=str(current.pk),
            evidence=str(evidence.pk),
            ended=str(losing_link.pk) if losing_link else "",
            awarded=str(awarded.pk) if awarded else "",
        )
        append(actor=actor.id, subject=f"work:{work.pk}", event=event, statement=sentence.strip())
        mark_stale(kind="work", refs=[str(work.pk)])
    return current


def _award(dispute: Dispute) -> TitleLink:
    held = dispute.work.title_links.filter(party=dispute.claimant, ended_at=None, grantor=None)
    if dispute.claimant is None or held.exists():
        raise RefusedError(
            "already_a_holder",
            f"{dispute.claimant} is on record as a holder already.",
            "Leave out “award”.",
        )
    return TitleLink.objects.create(
        work=dispute.work,
        party=dispute.claimant,
        evidence=dispute.claim_evidence,
        level=_title(dispute.claim_evidence),
        declared_by_id=dispute.opened_by_id,
    )


def _require_may_resolve(actor: Actor, work: Work, dispute: Dispute, sentence: str) -> None:
    if dispute.resolved_at is not None:
        raise RefusedError("already_resolved", "This dispute was resolved before.")
    sides = PartyMember.objects.filter(user__pk=actor.id, party__disputes=dispute)
    if actor.id in (str(dispute.opened_by_id), str(work.registered_by_id)) or sides.exists():
        raise RefusedError(
            "own_dispute",
            "Nobody resolves a dispute that they are a party to.",
            "Another reviewer has to look at it.",
        )
    if not sentence.strip():
        raise InvalidError("reason_missing", "Say what decides it.", "Write a sentence.")
