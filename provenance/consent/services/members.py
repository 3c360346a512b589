"""Who speaks for a party, and how well that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from ledger.services import append
from provenance.consent import events, selectors
from provenance.models import Level, Party, PartyMember

if TYPE_CHECKING:
    from accounts.actors import Actor
    from accounts.models import User


def confirm_member(*, actor: Actor, party: Party, user: User, level: Level) -> PartyMember:
    """An operator records how well it is known that `user` speaks for `party`."""
    actor.require("operator")
    with transaction.atomic():
        member, _ = PartyMember.objects.update_or_create(
            party=party, user=user, defaults={"level": level}
        )
        event = events.MemberConfirmed(member=str(user.pk), level=int(level))
        append(actor=actor.id, subject=f"party:{party.pk}", event=event)
    return member


def user_id(actor: Actor) -> str | None:
    """The user behind `actor`; None for a link or the system."""
    return actor.id if actor.kind == "user" else None


def member_of(actor: Actor, party: Party) -> PartyMember:
    """How `actor` speaks for `party`; PermissionDenied where they do not."""
    member = selectors.membership(user_id(actor), party)
    if member is None:
        raise PermissionDenied(f"Only somebody who speaks for {party} can do this.")
    return member
