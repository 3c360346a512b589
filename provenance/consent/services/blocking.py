"""What a party says before anybody asks: standing answers, and no further requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.consent import answers, events
from provenance.consent.rules import Terms, objections
from provenance.consent.services.members import member_of
from provenance.models import Block, Contact, Level, Party, StandingAnswer

if TYPE_CHECKING:
    from accounts.actors import Actor
    from accounts.models import User


def answer_always(
    *,
    actor: Actor,
    party: Party,
    answer: str,
    agent: Party | None = None,
    terms: Terms | None = None,
) -> StandingAnswer | None:
    """Never, only by this agent, or on these terms; "none": ask each time."""
    if not member_of(actor, party).may_sign:
        raise RefusedError(
            "may_not_sign",
            f"You may not bind {party}.",
            "Somebody who may sign for it has to say this.",
        )
    _require_sense(party, answer, agent, terms)
    with transaction.atomic():
        event = events.StandingAnswerGiven(answer=answer)
        append(actor=actor.id, subject=f"party:{party.pk}", event=event)
        if answer == "none":
            StandingAnswer.objects.filter(party=party).delete()
            return None
        kept = {
            "answer": answer,
            "agent": agent if answer == StandingAnswer.Answer.AGENT else None,
            "terms": answers.to_json(terms) if terms and answer == "terms" else {},
            "given_by_id": actor.id,
        }
        return StandingAnswer.objects.update_or_create(party=party, defaults=kept)[0]


def _require_sense(party: Party, answer: str, agent: Party | None, terms: Terms | None) -> None:
    if answer not in {"none", *StandingAnswer.Answer.values}:
        known = ", ".join(["none", *StandingAnswer.Answer.values])
        raise InvalidError("unknown_answer", f"Answer with one of: {known}.")
    if answer == StandingAnswer.Answer.AGENT and (agent is None or agent == party):
        raise InvalidError("agent_missing", "Say who your agent is.", "Name another party.")
    if answer == StandingAnswer.Answer.TERMS:
        found = ["Say on which terms."] if terms is None else []
        if terms is not None:
            is_person = party.kind == Party.Kind.PERSON
            found = objections(terms, is_person=is_person, today=timezone.now().date())
        if found:
            raise InvalidError("invalid_terms", " ".join(found))


def block(
    *, actor: Actor, party: Party, applicant: User | None, contact: Contact | None = None
) -> Block:
    """No further requests from this applicant, or (None) from anybody.

    Said from an address that nobody has confirmed, it stops messages to that address alone: else
    whoever supplies an address could keep everybody else from asking.
    """
    if contact is None:
        member_of(actor, party)
    with transaction.atomic():
        made, _ = Block.objects.get_or_create(party=party, applicant=applicant, contact=contact)
        event = events.RequestsBlocked(
            applicant=str(applicant.pk) if applicant else None,
            confirmed=contact is None or contact.level >= Level.CONTACT_CONFIRMED,
        )
        append(actor=actor.id, subject=f"party:{party.pk}", event=event)
    return made


def unblock(*, actor: Actor, block: Block) -> None:
    """The party takes requests again."""
    member_of(actor, block.party)
    applicant = str(block.applicant_id) if block.applicant_id else None
    with transaction.atomic():
        if not Block.objects.filter(pk=block.pk).delete()[0]:
            raise RefusedError("already_lifted", "This was lifted before.")
        event = events.RequestsUnblocked(applicant=applicant)
        append(actor=actor.id, subject=f"party:{block.party_id}", event=event)
