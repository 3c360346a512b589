"""Somebody decides for a party: an agent, a publisher, an estate, a society, a guardian."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.attribution import party_events as events
from provenance.attribution.channels import known_member
from provenance.attribution.citing import cited
from provenance.attribution.places import expanded, unknown_places
from provenance.clearance.services import mark_stale
from provenance.models import Action, Delegation, Level, Party, PartyMember

if TYPE_CHECKING:
    from datetime import date

    from accounts.actors import Actor


@dataclass(frozen=True)
class Scope:
    """What the agent may permit, where, and when. Nothing is implied."""

    actions: tuple[str, ...]
    territories: tuple[str, ...] = ("world",)
    starts: date | None = None
    ends: date | None = None


def declare_delegation(
    *,
    actor: Actor,
    principal: Party,
    agent: Party,
    role: Delegation.Role,
    scope: Scope,
    evidence: str = "",
) -> Delegation:
    """A signatory of the principal says so, as well as they are known; or the agent, with evidence.

    What the agent says is self-declared until a reviewer has checked the evidence.
    """
    _require_valid(principal, agent, scope)
    level = _level(actor, principal, agent, evidence)
    with transaction.atomic():
        made = Delegation.objects.create(
            principal=principal,
            agent=agent,
            role=role,
            actions=sorted(set(scope.actions)),
            territories=sorted(expanded(scope.territories)),
            starts=scope.starts,
            ends=scope.ends,
            level=level,
            evidence=cited(actor, evidence),
            declared_by_id=actor.id,
        )
        event = events.DelegationDeclared(
            delegation=str(made.pk),
            agent=str(agent.pk),
            role=role,
            actions=tuple(made.actions),
            level=level,
        )
        append(actor=actor.id, subject=f"party:{principal.pk}", event=event)
        mark_stale(kind="party", refs=[str(principal.pk)], merely_claimed=not level)
    return made


def _require_valid(principal: Party, agent: Party, scope: Scope) -> None:
    if principal == agent:
        raise InvalidError("same_party", f"{principal} already decides for itself.")
    if not scope.actions or not set(scope.actions) <= set(Action.values):
        raise InvalidError("unknown_action", f"Choose some of: {', '.join(Action.values)}.")
    if not scope.territories or unknown_places(expanded(scope.territories)):
        raise InvalidError(
            "unknown_territory", "Territories are “world”, EU, EEA or a country's two letters."
        )
    if scope.starts and scope.ends and scope.ends < scope.starts:
        raise InvalidError("ends_before_start", "It ends before it starts.", "Mend the dates.")


def _level(actor: Actor, principal: Party, agent: Party, evidence: str) -> int:
    """How well the delegation is known from who declares it; PermissionDenied for strangers."""
    member = known_member(actor, principal)
    if member is not None:
        return member.signing_level
    speaks = actor.kind == "user" and Party.spoken_for_by(actor.id).filter(pk=agent.pk).exists()
    if not speaks:
        raise PermissionDenied(
            f"Somebody known to speak for {principal} declares this, or {agent} with evidence."
        )
    if not evidence:
        raise InvalidError(
            "evidence_missing",
            f"An agent needs a document that shows that it decides for {principal}.",
            "Upload the contract or the letter of authority, and name it here.",
        )
    return Level.SELF_DECLARED


def end_delegation(*, actor: Actor, delegation: Delegation) -> Delegation:
    """Either side ends it, at once."""
    sides = (delegation.principal, delegation.agent)
    mine = PartyMember.objects.filter(party__in=sides, user_id=actor.id)
    is_known = actor.kind == "user" and mine.filter(level__gte=Level.CONTACT_CONFIRMED).exists()
    if not is_known and "operator" not in actor.roles and not _made(actor, delegation):
        raise PermissionDenied(f"Only {delegation.principal} or {delegation.agent} ends this.")
    with transaction.atomic():
        live = Delegation.objects.filter(pk=delegation.pk, ended_at=None)
        if not live.update(ended_at=timezone.now()):
            raise RefusedError("already_ended", "This delegation was ended before.")
        event = events.DelegationEnded(delegation=str(delegation.pk))
        append(actor=actor.id, subject=f"party:{delegation.principal_id}", event=event)
        mark_stale(kind="party", refs=[str(delegation.principal_id)])
    delegation.refresh_from_db()
    return delegation


def _made(actor: Actor, delegation: Delegation) -> bool:
    """Whoever declared it may take it back while nobody has confirmed it."""
    return str(delegation.declared_by_id) == actor.id and not delegation.level
