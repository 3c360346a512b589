"""Ask a party, take its answer, take a request back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from accounts.models import User
from ledger.services import append
from provenance.consent import events, selectors
from provenance.consent.rules import BY_HOLDERS, NEEDED_TO_RELEASE, Terms
from provenance.consent.services.closing import close
from provenance.consent.services.granting import give
from provenance.consent.services.links import DAYS
from provenance.consent.services.members import member_of
from provenance.consent.services.reaching import answer_or_send
from provenance.models import Ask, Grant, Level, Party, PartyMember, Work

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.actors import Actor
    from provenance.models import ImageSet


def ask_party(  # noqa: PLR0913 - the whole of a request
    *,
    actor: Actor,
    image_set: ImageSet,
    party: Party,
    purpose: str,
    model_name: str,
    actions: Iterable[str] = NEEDED_TO_RELEASE,
    commercial: bool = False,
    message: str = "",
    address: str = "",
) -> Ask:
    """Ask `party` for all its works that the set shows. One open request a party and set.

    What the party has said beforehand answers at once; else a private link goes to its best known
    address. `address` is one that the applicant knows; it is self-declared.
    """
    wanted = sorted(set(actions))
    if str(image_set.owner_id) != actor.id:
        raise PermissionDenied("Only the owner of a set asks for permissions for it.")
    if not purpose.strip() or not model_name.strip():
        raise InvalidError("ask_incomplete", "Say what the model is for and what it is called.")
    works = _asked_works(image_set, party, set(wanted))
    with transaction.atomic():
        _require_room(actor)
        ask = _open_ask(
            Ask(
                image_set=image_set,
                applicant_id=actor.id,
                party=party,
                actions=wanted,
                purpose=purpose.strip(),
                commercial=commercial,
                model_name=" ".join(model_name.split()),
                message=message.strip(),
                expires_on=timezone.now().date() + timedelta(days=DAYS),
            )
        )
        ask.works.set(works)
        event = events.PermissionAsked(
            ask=str(ask.pk), party=str(party.pk), actions=tuple(wanted), works=len(works)
        )
        append(actor=actor.id, subject=f"set:{image_set.pk}", event=event, statement=ask.purpose)
        answer_or_send(actor=actor, ask=ask, address=address)
    ask.refresh_from_db()
    return ask


def _asked_works(image_set: ImageSet, party: Party, wanted: set[str]) -> list[Work]:
    """What is asked for; a name is asked of a person, also where no work is shown."""
    of_person = {"use-name"} if party.kind == Party.Kind.PERSON else set()
    if not wanted <= BY_HOLDERS | of_person:
        raise InvalidError("unknown_action", f"Ask for some of: {', '.join(sorted(BY_HOLDERS))}.")
    works = list(selectors.works_of_party_in(image_set, party))
    if not works and not (wanted and wanted <= of_person):
        raise InvalidError(
            "nothing_to_ask",
            f"This set shows no work that {party} holds or made.",
            "Declare the works and their rights-holders first.",
        )
    return works


def _require_room(actor: Actor) -> None:
    """An applicant's requests of a day are bounded; the lock makes two at once count each other."""
    applicant = User.objects.select_for_update().get(pk=actor.id)
    since = timezone.now() - timedelta(days=1)
    made = Ask.objects.filter(applicant=applicant, asked_at__gte=since).count()
    if made >= settings.ASKS_PER_APPLICANT_A_DAY:
        raise RefusedError(
            "asked_enough", f"You have asked {made} parties today.", "Ask the others tomorrow."
        )


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
        _answered_by_member(actor, ask, Ask.State.REFUSED, note)
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
        member = _answered_by_member(actor, ask, Ask.State.GRANTED, note)
        return give(actor, member, terms, chosen, assignee=ask.applicant, ask=ask)


def withdraw_ask(*, actor: Actor, ask: Ask) -> Ask:
    """The applicant takes a request back; its link no longer answers."""
    if str(ask.applicant_id) != actor.id:
        raise PermissionDenied("Only whoever asked takes a request back.")
    with transaction.atomic():
        close(ask, Ask.State.WITHDRAWN)
        event = events.AskWithdrawn(ask=str(ask.pk))
        append(actor=actor.id, subject=f"set:{ask.image_set_id}", event=event)
    return ask


def _answered_by_member(actor: Actor, ask: Ask, state: Ask.State, note: str) -> PartyMember:
    member = member_of(actor, ask.party)
    if str(ask.applicant_id) == str(member.user_id) and member.level < Level.DOCUMENT_CHECKED:
        raise RefusedError(
            "own_request",
            "Whoever asks cannot answer for a party they merely say they speak for.",
            "An operator can check that you do.",
        )
    close(ask, state, note, by=actor.id)
    return member
