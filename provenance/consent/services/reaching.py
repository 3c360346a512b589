"""What happens to a request at once: what the party said beforehand answers it, or it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from accounts.actors import SYSTEM, Actor
from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.consent import answers, events, private, selectors
from provenance.consent.services.closing import close
from provenance.consent.services.granting import give
from provenance.consent.services.links import is_full, make_link, reach
from provenance.models import Ask, ConsentLink, Contact, Level, StandingAnswer

if TYPE_CHECKING:
    from provenance.models import Party

BLOCKED = "{party} takes no further requests{whose}."
NEVER = "{party} answers every request of this kind with no, and has said so beforehand."


def answer_or_send(*, actor: Actor, ask: Ask, address: str = "") -> None:
    """Blocks first, then the standing answer, then a message. Call it inside a transaction."""
    standing = private.standing_answer(ask.party)
    by_agent = standing is not None and standing.answer == StandingAnswer.Answer.AGENT
    to = standing.agent if standing and by_agent and standing.agent else ask.party
    if address and not by_agent:
        _supply(actor, to, address)
    contact = reach(to, actor.id)
    refusal = _refusal(ask, to, contact, standing)
    if refusal:
        _note(ask, "never" if standing and standing.answer == "never" else "blocked")
        close(ask, Ask.State.REFUSED, refusal)
        append(
            actor=SYSTEM.id,
            subject=f"set:{ask.image_set_id}",
            event=events.PermissionRefused(ask=str(ask.pk)),
        )
    elif standing is not None and _covers(standing, ask):
        _grant_at_once(ask, standing)
    elif contact is not None:
        if by_agent:
            _note(ask, "agent")
        _send(ask, to, contact)


def _refusal(ask: Ask, to: Party, contact: Contact | None, standing: StandingAnswer | None) -> str:
    """The sentence that answers at once with no; empty where nobody has said so."""
    for party in (ask.party, to):
        block = private.block_of(party, ask.applicant_id, contact)
        if block is not None:
            return BLOCKED.format(party=party, whose=" from you" if block.applicant_id else "")
    if standing is not None and standing.answer == StandingAnswer.Answer.NEVER:
        return NEVER.format(party=ask.party)
    return ""


def _covers(standing: StandingAnswer, ask: Ask) -> bool:
    """Within the terms, and about works: a name's exact forms are answered one by one."""
    return (
        standing.answer == StandingAnswer.Answer.TERMS
        and ask.works.exists()
        and answers.fits(
            standing.terms, ask.actions, commercial=ask.commercial, today=timezone.now().date()
        )
    )


def _grant_at_once(ask: Ask, standing: StandingAnswer) -> None:
    """The yes that the party gave beforehand, on exactly its terms, as well known as its giver."""
    member = selectors.membership(standing.given_by_id, ask.party)
    if member is None or str(standing.given_by_id) == str(ask.applicant_id):
        raise RefusedError("own_request", "Whoever asks cannot have answered beforehand.")
    _note(ask, "terms")
    close(ask, Ask.State.GRANTED)
    give(
        Actor("user", str(standing.given_by_id)),
        member,
        answers.from_json(standing.terms),
        list(ask.works.all()),
        assignee=ask.applicant,
        ask=ask,
    )


def _note(ask: Ask, answer: str) -> None:
    event = events.StandingAnswerApplied(ask=str(ask.pk), answer=answer)
    append(actor=SYSTEM.id, subject=f"set:{ask.image_set_id}", event=event)


def _send(ask: Ask, to: Party, contact: Contact) -> None:
    # Locked, so that of two requests to one address at the same time each counts the other.
    list(Contact.objects.select_for_update().filter(value__iexact=contact.value).order_by("pk"))
    if is_full(contact):
        raise RefusedError(
            "address_full",
            f"{to} has had as many requests this week as we send to one address.",
            "Ask again next week.",
        )
    make_link(kind=ConsentLink.Kind.ANSWER, party=to, contact=contact, asks=[ask])


def _supply(actor: Actor, party: Party, address: str) -> None:
    """Keep an address that the applicant knows. It stays self-declared, whoever answers from it."""
    address = address.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise InvalidError("bad_address", f"{address[:80]!r} is not an e-mail address.") from error
    if private.is_own_address(actor.id, address):
        raise InvalidError(
            "own_address",
            "This is your own address: you cannot answer your own request.",
            f"Give an address at which {party} can be reached.",
        )
    known = party.contacts.filter(kind=Contact.Kind.EMAIL, value__iexact=address, ended_at=None)
    if known.exists():
        return
    contact = Contact.objects.create(
        party=party,
        kind=Contact.Kind.EMAIL,
        value=address,
        level=Level.SELF_DECLARED,
        added_by_id=actor.id,
    )
    event = events.ContactSupplied(contact=str(contact.pk))
    append(actor=actor.id, subject=f"party:{party.pk}", event=event, statement=address)
