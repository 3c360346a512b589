"""Put a party on record, with its names and who signs; nobody gets better known by being named."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.attribution import party_events as events
from provenance.attribution.channels import require_known
from provenance.clearance.services import mark_stale
from provenance.events import MembershipClaimed, PartyRegistered
from provenance.models import Level, Party, PartyMember, PartyName

if TYPE_CHECKING:
    from accounts.actors import Actor
    from accounts.models import User

LONGEST_NAME = 200


def user_id(actor: Actor) -> UUID | None:
    """The user behind `actor`, for foreign keys; None for a link or the system."""
    return UUID(actor.id) if actor.kind == "user" else None


def find_party(name: str) -> Party | None:
    """The party of exactly this name; of several the best known one, then the oldest.

    A name that only a merged record has leads to the party that was kept.
    """
    named = Party.objects.filter(name=name).order_by("-level", "registered_at", "pk")
    found = named.filter(merged_into=None).first() or named.first()
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    return found


def party_named(
    *, actor: Actor, name: str, kind: Party.Kind, level: Level = Level.SELF_DECLARED
) -> Party:
    """The party of this name, or a new one of `level`. Call it inside a transaction."""
    name = _name(name)
    found = find_party(name)
    if found is not None:
        return found
    party = Party.objects.create(name=name, kind=kind, level=level, registered_by_id=user_id(actor))
    event = PartyRegistered(party_kind=kind.value, level=int(level))
    append(actor=actor.id, subject=f"party:{party.pk}", event=event, statement=name)
    return party


def _name(text: str) -> str:
    text = " ".join(text.split())
    if not text or len(text) > LONGEST_NAME:
        raise InvalidError(
            "bad_name",
            f"A name has between 1 and {LONGEST_NAME} characters.",
            "Write the name as the person or organisation writes it.",
        )
    return text


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


def add_name(*, actor: Actor, party: Party, text: str, kind: PartyName.Kind) -> PartyName:
    """Another name of `party`, put there by somebody known to speak for it, or an operator."""
    require_known(actor, party)
    text = _name(text)
    with transaction.atomic():
        name, is_new = PartyName.objects.get_or_create(
            party=party, text=text, defaults={"kind": kind}
        )
        if is_new:
            event = events.PartyNameAdded(name_kind=kind)
            append(actor=actor.id, subject=f"party:{party.pk}", event=event, statement=text)
            mark_stale(kind="party", refs=[str(party.pk)])
    return name


def end_name(*, actor: Actor, name: PartyName, reason: str) -> None:
    """The party is no longer to be known by this name; the ledger keeps that it was, and why."""
    require_known(actor, name.party)
    if not reason.strip():
        raise InvalidError("reason_missing", "Say why the name is no longer used.")
    with transaction.atomic():
        if not PartyName.objects.filter(pk=name.pk).delete()[0]:
            raise RefusedError("already_ended", "This name was ended before.")
        event = events.PartyNameEnded(name_kind=name.kind)
        words = f"{name.text}: {reason.strip()}"
        append(actor=actor.id, subject=f"party:{name.party_id}", event=event, statement=words)
        mark_stale(kind="party", refs=[str(name.party_id)])


def record_death(*, actor: Actor, party: Party, year: int | None) -> None:
    """The year in which a person died: long after it the name is free. An operator's act."""
    actor.require("operator")
    with transaction.atomic():
        Party.objects.filter(pk=party.pk).update(died=year)
        event = events.DeathRecorded(year=year)
        append(actor=actor.id, subject=f"party:{party.pk}", event=event)
        mark_stale(kind="party", refs=[str(party.pk)])


def name_signatory(*, actor: Actor, party: Party, user: User, may_sign: bool) -> PartyMember:
    """Who may sign for `party` says who else may; an operator can as well. Takes effect at once."""
    member = require_known(actor, party)
    if "operator" not in actor.roles and not (member and member.may_sign):
        raise PermissionDenied(f"Only somebody who may sign for {party} says who else may.")
    with transaction.atomic():
        named = PartyMember.objects.select_for_update().filter(party=party, user=user).first()
        if named is None or named.level < Level.CONTACT_CONFIRMED:
            raise InvalidError(
                "unknown_member",
                f"{user} is not known to speak for {party}.",
                "They answer through one of the party's addresses first.",
            )
        named.may_sign = may_sign
        named.save(update_fields=["may_sign"])
        event = events.SignatoryNamed(member=str(user.pk), may_sign=may_sign)
        append(actor=actor.id, subject=f"party:{party.pk}", event=event)
    return named
