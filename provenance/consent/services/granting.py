"""A party permits something, and takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.clearance.services import mark_stale
from provenance.consent import events, private, selectors
from provenance.consent.rules import BY_HOLDERS, Terms, objections
from provenance.consent.services.creators import tell_creators
from provenance.consent.services.members import member_of, user_id
from provenance.models import Ask, Grant, Party, PartyMember, Work

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.actors import Actor
    from accounts.models import User


def give_grant(
    *,
    actor: Actor,
    party: Party,
    terms: Terms,
    works: Iterable[Work] | None,
    assignee: User | None = None,
) -> Grant:
    """A party permits something unasked; works None: everything it holds, assignee None: anyone."""
    member = member_of(actor, party)
    with transaction.atomic():
        return give(actor, member, terms, None if works is None else list(works), assignee)


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
        if not _may_revoke(actor, locked):
            raise PermissionDenied("Only those known to speak for the party can withdraw this.")
        locked.revoked_at = timezone.now()
        locked.revoked_by_id = user_id(actor)
        locked.revocation_reason = reason.strip()
        locked.save(update_fields=["revoked_at", "revoked_by", "revocation_reason"])
        event = events.GrantRevoked(assigner=str(locked.assigner_id))
        append(actor=actor.id, subject=f"grant:{locked.pk}", event=event, statement=reason)
        return mark_stale(kind="grant", refs=[str(locked.pk)])


def give(
    actor: Actor,
    member: PartyMember,
    terms: Terms,
    works: list[Work] | None,
    assignee: User | None,
    ask: Ask | None = None,
) -> Grant:
    """Check the terms and put the grant on record; call it inside a transaction."""
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
        identity_level=member.signing_level,
        ask=ask,
        given_by_id=user_id(actor),
    )
    given.works.set(works or [])
    event = events.GrantGiven(
        assigner=str(member.party_id),
        assignee=str(assignee.pk) if assignee else None,
        actions=tuple(given.actions),
        works=len(works or []),
        not_after=terms.not_after.isoformat() if terms.not_after else None,
        identity=member.signing_level,
    )
    append(actor=actor.id, subject=f"grant:{given.pk}", event=event)
    tell_creators(actor=actor, grant=given)
    return given


def _may_revoke(actor: Actor, grant: Grant) -> bool:
    """A private link takes back only what was given by the request that it belongs to."""
    if actor.kind == "link":
        return private.link_may_revoke(actor.id, grant)
    return selectors.may_revoke(user_id(actor), grant)
