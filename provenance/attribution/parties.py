"""Find a party by its name, or put it on record; nobody becomes better known by being named."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from accounts.errors import InvalidError
from ledger.services import append
from provenance.events import MembershipClaimed, PartyRegistered
from provenance.models import Level, Party, PartyMember

if TYPE_CHECKING:
    from accounts.actors import Actor

LONGEST_NAME = 200


def user_id(actor: Actor) -> UUID | None:
    """The user behind `actor`, for foreign keys; None for a link or the system."""
    return UUID(actor.id) if actor.kind == "user" else None


def find_party(name: str) -> Party | None:
    """The party of exactly this name; of several the best known one, then the oldest."""
    return Party.objects.filter(name=name).order_by("-level", "registered_at", "pk").first()


def party_named(
    *, actor: Actor, name: str, kind: Party.Kind, level: Level = Level.SELF_DECLARED
) -> Party:
    """The party of this name, or a new one of `level`. Call it inside a transaction."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise InvalidError(
            "bad_name",
            f"A name has between 1 and {LONGEST_NAME} characters.",
            "Write the name as the person or organisation writes it.",
        )
    found = find_party(name)
    if found is not None:
        return found
    party = Party.objects.create(name=name, kind=kind, level=level, registered_by_id=user_id(actor))
    event = PartyRegistered(party_kind=kind.value, level=int(level))
    append(actor=actor.id, subject=f"party:{party.pk}", event=event, statement=name)
    return party


@transaction.atomic
def register_party(*, actor: Actor, name: str, kind: Party.Kind) -> Party:
    """Put a party on record, self-declared; answers the one that is there already."""
    return party_named(actor=actor, name=name, kind=kind)


@transaction.atomic
def claim_membership(*, actor: Actor, party: Party) -> PartyMember:
    """A user says that they speak for `party`: self-declared until an operator confirms it."""
    member, is_new = PartyMember.objects.get_or_create(party=party, user_id=actor.id)
    if is_new:
        event = MembershipClaimed(user=actor.id)
        append(actor=actor.id, subject=f"party:{party.pk}", event=event)
    return member
