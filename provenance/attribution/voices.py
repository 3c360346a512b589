"""Who may change what is on record about a work, and how well it is known that they may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from provenance.attribution.parties import user_id
from provenance.models import Level, PartyMember, Work

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.actors import Actor

BETTER = Level.CONTACT_CONFIRMED


@dataclass(frozen=True)
class Voice:
    """`known`: an operator, or somebody known to sign for a holder or creator of the work."""

    known: bool
    is_operator: bool = False
    parties: frozenset[UUID] = frozenset()
    """The holders and creators that they are known to sign for."""


def voice_in(actor: Actor, work: Work) -> Voice | None:
    """How `actor` may speak about `work`; None where they may not.

    Whoever registered a work may correct it while nothing about it is better known than that.
    """
    if "operator" in actor.roles:
        return Voice(known=True, is_operator=True)
    known = known_parties(actor) & parties_of(work)
    if known:
        return Voice(known=True, parties=frozenset(known))
    is_theirs = actor.kind == "user" and str(work.registered_by_id) == actor.id
    return Voice(known=False) if is_theirs and not better_known(work) else None


def require_voice(actor: Actor, work: Work) -> Voice:
    """The voice of `actor`; PermissionDenied, with who may and what else one can do."""
    voice = voice_in(actor, work)
    if voice is None:
        raise PermissionDenied(
            f"What is on record about “{work}” is changed by those known to speak for its holders "
            "or creators, or by an operator. If you say otherwise, open a dispute."
        )
    return voice


def locked(work: Work) -> Work:
    """The work's row, held until the transaction ends: two changes at once wait for each other.

    Not its key, so that another work may come to name it meanwhile: else two would deadlock.
    """
    return Work.objects.select_for_update(no_key=True).get(pk=work.pk)


def parties_of(work: Work) -> set[UUID]:
    """Its creators, and everybody in its chain of title."""
    live = work.title_links.filter(ended_at=None)
    return {
        *live.values_list("party_id", flat=True),
        *(one for one in live.values_list("grantor_id", flat=True) if one),
        *work.creators.values_list("pk", flat=True),
    }


def known_parties(actor: Actor) -> set[UUID]:
    """Parties that `actor` is known to sign for."""
    uid = user_id(actor)
    if uid is None:
        return set()
    members = PartyMember.objects.filter(user_id=uid, level__gte=BETTER, may_sign=True)
    return set(members.values_list("party_id", flat=True))


def better_known(work: Work) -> bool:
    """Whether a check, not merely a declaration, stands behind any of the work's title."""
    good = Q(level__gte=BETTER) | Q(evidence__title_level__gte=BETTER)
    return (
        work.title_links.filter(good, ended_at=None).exists()
        or work.protections.filter(level__gte=BETTER, ended_at=None).exists()
    )
