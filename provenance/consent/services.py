"""Ask a party, answer, grant, revoke, reserve: each with its ledger entry, at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.clearance.services import mark_stale
from provenance.consent import events, selectors
from provenance.consent.rules import BY_HOLDERS, NEEDED_TO_RELEASE, Terms, objections
from provenance.models import Ask, Grant, Level, Party, PartyMember, Reservation, Work

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.actors import Actor
    from accounts.models import User
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
        return _give(actor, member, terms, chosen, assignee=ask.applicant, ask=ask)


def give_grant(
    *,
    actor: Actor,
    party: Party,
    terms: Terms,
    works: Iterable[Work] | None,
    assignee: User | None = None,
) -> Grant:
    """A party permits something unasked; works None: everything it holds, assignee None: anyone."""
    member = _member(actor, party)
    with transaction.atomic():
        return _give(actor, member, terms, None if works is None else list(works), assignee)


def revoke_grant(*, actor: Actor, grant: Grant, reason: str) -> list[str]:
    """Take a permission back; every standing that rests on it is stale with the same commit.

    Returns the subjects whose standing it touched.
    """
    if not reason.strip():
        raise InvalidError("reason_missing", "Say why; downloaders will be told.", "Add a reason.")
    with transaction.atomic():
        locked = Grant.objects.select_for_update().get(pk=grant.pk)
        if locked.revoked_at is not None:
            raise RefusedError("already_revoked", "This permission was withdrawn before.")
        if not selectors.may_revoke(_user_id(actor), locked):
            raise PermissionDenied("Only those known to speak for the party can withdraw this.")
        locked.revoked_at = timezone.now()
        locked.revoked_by_id = actor.id
        locked.revocation_reason = reason.strip()
        locked.save(update_fields=["revoked_at", "revoked_by", "revocation_reason"])
        event = events.GrantRevoked(assigner=str(locked.assigner_id))
        append(actor=actor.id, subject=f"grant:{locked.pk}", event=event, statement=reason)
        return mark_stale(kind="grant", refs=[str(locked.pk)])


def reserve(
    *, actor: Actor, party: Party, work: Work | None = None, statement: str = ""
) -> Reservation:
    """A party forbids training on a work, or on everything it holds."""
    _member(actor, party)
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
    _member(actor, reservation.party)
    with transaction.atomic():
        live = Reservation.objects.filter(pk=reservation.pk, lifted_at=None)
        if not live.update(lifted_at=timezone.now()):
            raise RefusedError("already_lifted", "This reservation was lifted before.")
        event = events.ReservationLifted(reservation=str(reservation.pk))
        append(actor=actor.id, subject=f"party:{reservation.party_id}", event=event)


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


def _user_id(actor: Actor) -> str | None:
    return actor.id if actor.kind == "user" else None


def _member(actor: Actor, party: Party) -> PartyMember:
    member = selectors.membership(_user_id(actor), party)
    if member is None:
        raise PermissionDenied(f"Only somebody who speaks for {party} can do this.")
    return member


def _close(actor: Actor, ask: Ask, state: Ask.State, note: str) -> PartyMember:
    """Answer once: of two answers at the same time the second finds no open request."""
    member = _member(actor, ask.party)
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


def _give(
    actor: Actor,
    member: PartyMember,
    terms: Terms,
    works: list[Work] | None,
    assignee: User | None,
    ask: Ask | None = None,
) -> Grant:
    is_person = member.party.kind == Party.Kind.PERSON
    found = objections(terms, is_person=is_person, today=timezone.now().date())
    if works == [] and set(terms.actions) & BY_HOLDERS:
        found.append("Choose at least one work, or all that you hold.")
    if found:
        raise InvalidError("invalid_terms", " ".join(found))
    given = Grant.objects.create(
        assigner=member.party,
        assignee=assignee,
        all_works=works is None,
        actions=sorted(set(terms.actions)),
        commercial=terms.commercial,
        territories=list(terms.territories),
        bases=list(terms.bases),
        name_forms=list(terms.name_forms),
        credit_line=terms.credit_line,
        not_before=terms.not_before,
        not_after=terms.not_after,
        identity_level=member.level,
        ask=ask,
        given_by_id=actor.id,
    )
    given.works.set(works or [])
    event = events.GrantGiven(
        assigner=str(member.party_id),
        assignee=str(assignee.pk) if assignee else None,
        actions=tuple(given.actions),
        works=len(works or []),
        not_after=terms.not_after.isoformat() if terms.not_after else None,
        identity=member.level,
    )
    append(actor=actor.id, subject=f"grant:{given.pk}", event=event)
    return given
