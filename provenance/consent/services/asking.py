"""Ask a party, and take its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.consent import events, selectors
from provenance.consent.rules import BY_HOLDERS, NEEDED_TO_RELEASE, Terms
from provenance.consent.services.granting import give
from provenance.consent.services.members import member_of
from provenance.models import Ask, Grant, Level, Party, PartyMember, Work

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.actors import Actor
    from provenance.models import ImageSet


def ask_party(
    *,
    actor: Actor,
    image_set: ImageSet,
    party: Party,
    purpose: str,
    model_name: str,
    actions: Iterable[str] = NEEDED_TO_RELEASE,
    commercial: bool = False,
    message: str = "",
) -> Ask:
    """Ask `party` for all its works that the set shows. One open request a party and set."""
    wanted = sorted(set(actions))
    if str(image_set.owner_id) != actor.id:
        raise PermissionDenied("Only the owner of a set asks for permissions for it.")
    if not purpose.strip() or not model_name.strip():
        raise InvalidError("ask_incomplete", "Say what the model is for and what it is called.")
    if not set(wanted) <= BY_HOLDERS:
        raise InvalidError("unknown_action", f"Ask for some of: {', '.join(sorted(BY_HOLDERS))}.")
    works = list(selectors.works_of_party_in(image_set, party))
    if not works:
        raise InvalidError(
            "nothing_to_ask",
            f"This set shows no work that {party} holds or made.",
            "Declare the works and their rights-holders first.",
        )
    with transaction.atomic():
        ask = _open_ask(
            Ask(
                image_set=image_set,
                applicant_id=actor.id,
                party=party,
                actions=wanted,
                purpose=purpose.strip(),
                commercial=commercial,
                model_name=model_name.strip(),
                message=message.strip(),
            )
        )
        ask.works.set(works)
        event = events.PermissionAsked(
            ask=str(ask.pk), party=str(party.pk), actions=tuple(wanted), works=len(works)
        )
        append(actor=actor.id, subject=f"set:{image_set.pk}", event=event, statement=ask.purpose)
    return ask


def _open_ask(ask: Ask) -> Ask:
    try:
        with transaction.atomic():
            ask.save()
    except IntegrityError as error:
        raise RefusedError(
            "already_asked",
            f"{ask.party} has been asked and has not answered yet.",
            "Wait for the answer; silence is never yes.",
        ) from error
    return ask


def refuse(*, actor: Actor, ask: Ask, note: str = "") -> Ask:
    """The party says no, with or without words."""
    with transaction.atomic():
        _close(actor, ask, Ask.State.REFUSED, note)
        event = events.PermissionRefused(ask=str(ask.pk))
        append(actor=actor.id, subject=f"set:{ask.image_set_id}", event=event, statement=note)
    return ask


def grant(
    *, actor: Actor, ask: Ask, terms: Terms, works: Iterable[Work] | None = None, note: str = ""
) -> Grant:
    """The party says yes to all or some of the works asked for, on its own terms."""
    asked = {work.pk: work for work in ask.works.all()}
    chosen = list(asked.values()) if works is None else [w for w in works if w.pk in asked]
    with transaction.atomic():
        member = _close(actor, ask, Ask.State.GRANTED, note)
        return give(actor, member, terms, chosen, assignee=ask.applicant, ask=ask)


def _close(actor: Actor, ask: Ask, state: Ask.State, note: str) -> PartyMember:
    """Answer once: of two answers at the same time the second finds no open request."""
    member = member_of(actor, ask.party)
    if str(ask.applicant_id) == str(member.user_id) and member.level < Level.DOCUMENT_CHECKED:
        raise RefusedError(
            "own_request",
            "Whoever asks cannot answer for a party they merely say they speak for.",
            "An operator can check that you do.",
        )
    answered = Ask.objects.filter(pk=ask.pk, state=Ask.State.ASKED).update(
        state=state, answered_at=timezone.now(), answered_by_id=actor.id, answer_note=note.strip()
    )
    if not answered:
        raise RefusedError("already_answered", "This request has been answered before.")
    ask.refresh_from_db()
    return member
