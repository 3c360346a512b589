"""A party answers by a private link, without an account; what weighs more is confirmed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.errors import InvalidError
from ledger.services import append
from provenance.consent import answers, events, private, selectors
from provenance.consent.rules import Terms, objections
from provenance.consent.services.blocking import block
from provenance.consent.services.closing import close
from provenance.consent.services.granting import give, revoke_grant
from provenance.consent.services.links import DAYS, GoneError, make_link, reach, use
from provenance.models import Ask, ConsentLink, Grant, Level, Party, PartyMember, Work

if TYPE_CHECKING:
    from collections.abc import Iterable


def actor_of(link: ConsentLink) -> Actor:
    """Whoever holds the link, as the giver of a command."""
    return Actor("link", str(link.pk))


def grant_by_link(
    *, actor: Actor, link: ConsentLink, terms: Terms, works: Iterable[Work] | None, note: str = ""
) -> Ask:
    """Yes to some of the works asked for, or (None) to all that the party holds, on its terms."""
    ask = asked_by(link)
    asked = {work.pk for work in ask.works.all()}
    chosen = None if works is None else [w for w in works if w.pk in asked]
    _require_sense(ask, terms, chosen)
    twice = answers.needs_confirmation(terms, all_works=chosen is None)
    with transaction.atomic():
        use(link)
        _note(actor, ask, "grant", to_confirm=twice)
        if twice:
            _confirm_first(ask, link, terms, chosen, note)
        else:
            close(ask, Ask.State.GRANTED, note)
            _give(actor, ask, link, terms, chosen)
    return ask


def refuse_by_link(
    *, actor: Actor, link: ConsentLink, note: str = "", block_applicant: bool = False,
    block_all: bool = False,
) -> Ask:  # fmt: skip
    """No, with or without words; and, if wanted, no further requests."""
    ask = asked_by(link)
    with transaction.atomic():
        use(link)
        _note(actor, ask, "refuse")
        close(ask, Ask.State.REFUSED, note)
        event = events.PermissionRefused(ask=str(ask.pk))
        append(actor=actor.id, subject=f"set:{ask.image_set_id}", event=event, statement=note)
        if block_applicant or block_all:
            block(
                actor=actor,
                party=link.party,
                applicant=None if block_all else ask.applicant,
                contact=link.contact,
            )
    return ask


def not_mine(*, actor: Actor, link: ConsentLink, whose: str = "") -> Ask:
    """Somebody else has to be asked; the applicant reads who, and the set stays blocked."""
    ask = asked_by(link)
    whose = " ".join(whose.split())[:200]
    with transaction.atomic():
        use(link)
        _note(actor, ask, "not-mine")
        close(ask, Ask.State.NOT_MINE, f"Ask {whose}." if whose else "")
        event = events.PermissionNotMine(ask=str(ask.pk))
        append(actor=actor.id, subject=f"set:{ask.image_set_id}", event=event, statement=whose)
    return ask


def withdraw_by_link(*, actor: Actor, link: ConsentLink, grant: Grant, reason: str) -> None:
    """Begin to take back what was given by this link: the contact on record confirms it."""
    if not reason.strip():
        raise InvalidError("reason_missing", "Say why; downloaders will be told.", "Add a reason.")
    ask = link.asks.get()
    if grant.ask_id != ask.pk or grant.given_by_id is not None or grant.revoked_at is not None:
        raise GoneError("not_given_here", "There is no permission here to take back.")
    with transaction.atomic():
        ConsentLink.objects.select_for_update().get(pk=link.pk)
        waiting = private.open_links(ask, ConsentLink.Kind.CONFIRM)
        if waiting.filter(answer__grant=str(grant.pk)).exists():
            raise GoneError("already_sent", "The message that confirms this is on its way already.")
        _note(actor, ask, "withdraw", to_confirm=True)
        _send_confirm(ask, link, {"do": "withdraw", "grant": str(grant.pk), "reason": reason})


def confirm(*, actor: Actor, link: ConsentLink) -> Ask:
    """What was answered before comes true, as well known as the address that confirms it."""
    ask, kept = link.asks.get(), link.answer
    with transaction.atomic():
        use(link)
        event = events.PermissionConfirmed(
            ask=str(ask.pk), link=str(link.pk), answer=kept["do"], level=level_of(link, ask)
        )
        append(actor=actor.id, subject=f"set:{ask.image_set_id}", event=event)
        if kept["do"] == "withdraw":
            revoke_grant(
                actor=actor, grant=Grant.objects.get(pk=kept["grant"]), reason=kept["reason"]
            )
            return ask
        if ask.state != Ask.State.CONFIRMING:
            raise GoneError("ask_closed", "This request is not open any more.")
        works = kept["works"]
        chosen = None if works is None else list(ask.works.filter(pk__in=map(UUID, works)))
        close(ask, Ask.State.GRANTED, kept["note"])
        _give(actor, ask, link, answers.from_json(kept["terms"]), chosen)
    return ask


def asked_by(link: ConsentLink) -> Ask:
    """The request that the link answers; GoneError where it is not open any more."""
    ask = link.asks.select_related("party", "applicant", "image_set__owner").get()
    if ask.state != Ask.State.ASKED:
        raise GoneError("ask_closed", "This request is not open any more.")
    return ask


def level_of(link: ConsentLink, ask: Ask) -> Level:
    """How well it is known who holds the link: as well as its address is.

    An agent is known no better than whoever named it.
    """
    level = Level(link.contact.level) if link.contact else Level.SELF_DECLARED
    if link.party_id == ask.party_id:
        return level
    standing = private.standing_answer(ask.party)
    if standing is None or standing.agent_id != link.party_id:
        raise GoneError("agent_ended", "You are not named as the agent of this party any more.")
    member = selectors.membership(standing.given_by_id, ask.party)
    return min(level, Level(member.level) if member else Level.SELF_DECLARED)


def _require_sense(ask: Ask, terms: Terms, chosen: list[Work] | None) -> None:
    """Refuse senseless terms before the link is used up."""
    is_person = ask.party.kind == Party.Kind.PERSON
    found = objections(terms, is_person=is_person, today=timezone.now().date())
    if chosen == [] and set(terms.actions) - {"use-name"}:
        found.append("Choose at least one work, or all that you hold.")
    if found:
        raise InvalidError("invalid_terms", " ".join(found))


def _confirm_first(
    ask: Ask, link: ConsentLink, terms: Terms, chosen: list[Work] | None, note: str
) -> None:
    until = timezone.now().date() + timedelta(days=DAYS)
    still = Ask.objects.filter(pk=ask.pk, state=Ask.State.ASKED)
    if not still.update(state=Ask.State.CONFIRMING, expires_on=until):
        raise GoneError("ask_closed", "This request is not open any more.")
    ask.refresh_from_db()
    works = None if chosen is None else [str(work.pk) for work in chosen]
    answer: dict[str, Any] = {
        "do": "grant",
        "terms": answers.to_json(terms),
        "works": works,
        "note": note,
    }
    _send_confirm(ask, link, answer)


def _send_confirm(ask: Ask, link: ConsentLink, answer: dict[str, Any]) -> None:
    """To the best known address on record now, which may be another than the link went to."""
    contact = reach(link.party, ask.applicant_id) or link.contact
    if contact is None:
        raise GoneError("no_address", "There is no address on record that could confirm this.")
    make_link(
        kind=ConsentLink.Kind.CONFIRM,
        party=link.party,
        contact=contact,
        asks=[ask],
        answer=answer,
    )


def _give(
    actor: Actor, ask: Ask, link: ConsentLink, terms: Terms, chosen: list[Work] | None
) -> None:
    speaker = PartyMember(party=ask.party, level=level_of(link, ask))
    give(actor, speaker, terms, chosen, assignee=ask.applicant, ask=ask)


def _note(actor: Actor, ask: Ask, answer: str, *, to_confirm: bool = False) -> None:
    event = events.PermissionAnswered(
        ask=str(ask.pk), link=actor.id, answer=answer, to_confirm=to_confirm
    )
    append(actor=actor.id, subject=f"set:{ask.image_set_id}", event=event)
