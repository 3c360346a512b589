"""A party forbids training, and lifts the prohibition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.clearance.services import mark_stale
from provenance.consent import events, selectors
from provenance.consent.services.members import member_of
from provenance.models import Party, Reservation, Work

if TYPE_CHECKING:
    from accounts.actors import Actor


def reserve(
    *, actor: Actor, party: Party, work: Work | None = None, statement: str = ""
) -> Reservation:
    """A party forbids training on a work, or on everything it holds."""
    member_of(actor, party)
    if work is not None and not selectors.is_of(work, party):
        raise InvalidError(
            "not_your_work", f"{party} neither holds nor made this work.", "Name one of your own."
        )
    with transaction.atomic():
        reservation = Reservation.objects.create(
            party=party, work=work, statement=statement.strip(), registered_by_id=actor.id
        )
        event = events.ReservationRegistered(
            reservation=str(reservation.pk), work=str(work.pk) if work else None
        )
        append(actor=actor.id, subject=f"party:{party.pk}", event=event, statement=statement)
        kind, ref = ("work", work.pk) if work else ("party", party.pk)
        mark_stale(kind=kind, refs=[str(ref)])
    return reservation


def lift_reservation(*, actor: Actor, reservation: Reservation) -> None:
    """A party lifts its prohibition; what it blocked may be asked for again."""
    member_of(actor, reservation.party)
    with transaction.atomic():
        live = Reservation.objects.filter(pk=reservation.pk, lifted_at=None)
        if not live.update(lifted_at=timezone.now()):
            raise RefusedError("already_lifted", "This reservation was lifted before.")
        event = events.ReservationLifted(reservation=str(reservation.pk))
        append(actor=actor.id, subject=f"party:{reservation.party_id}", event=event)
