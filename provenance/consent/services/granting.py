"""A party permits something, and takes it back; what a permission is used for is counted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.clearance.services import mark_stale
from provenance.consent import events, private, selectors
from provenance.consent.rules import BY_HOLDERS, Terms, duty_record, objections
from provenance.consent.services.creators import tell_creators
from provenance.consent.services.members import member_of, user_id
from provenance.models import Ask, Grant, GrantUse, Party, PartyMember, Work

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.actors import Actor
    from accounts.models import User

AS_STATED = (
    "bases",
    "commercial",
    "credit_line",
    "max_models",
    "name_forms",
    "name_places",
    "not_after",
    "not_before",
    "notice_days",
    "purposes",
    "recipients",
    "revocable",
    "after_end",
    "after_end_on",
    "territories",
)
"""Terms that a grant stores under the same names."""


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

    It ends today, or after the notice that was agreed. Returns the subjects that it touched.
    """
    if not reason.strip():
        raise InvalidError("reason_missing", "Say why; downloaders will be told.", "Add a reason.")
    with transaction.atomic():
        locked = Grant.objects.select_for_update().get(pk=grant.pk)
        _require_revocable(actor, locked)
        locked.revoked_at = timezone.now()
        locked.revoked_from = locked.revoked_at.date() + timedelta(days=locked.notice_days)
        locked.revoked_by_id = user_id(actor)
        locked.revocation_reason = reason.strip()
        locked.save(update_fields=["revoked_at", "revoked_from", "revoked_by", "revocation_reason"])
        event = events.GrantRevoked(
            assigner=str(locked.assigner_id), ends=locked.revoked_from.isoformat()
        )
        append(actor=actor.id, subject=f"grant:{locked.pk}", event=event, statement=reason)
        return mark_stale(kind="grant", refs=[str(locked.pk)])


def _require_revocable(actor: Actor, grant: Grant) -> None:
    if grant.revoked_at is not None:
        raise RefusedError("already_revoked", "This permission was withdrawn before.")
    if not _may_revoke(actor, grant):
        raise PermissionDenied("Only those known to speak for the party can withdraw this.")
    if not grant.revocable:
        until = f"It ends on {grant.not_after}. " if grant.not_after else ""
        raise RefusedError(
            "irrevocable",
            "This permission was given for good: it cannot be withdrawn.",
            f"{until}If somebody gave it who had no right to, or by mistake, ask a reviewer to "
            "open a dispute about the work.",
        )


def use_grants(*, actor: Actor, subject: str, grants: Iterable[str]) -> None:
    """Count the model that `subject` makes against each grant; twice counts once.

    RefusedError where a grant was given for no more models. Call it inside a transaction, before
    the bank is locked: whoever withdraws a permission locks its row first too.
    """
    wanted = sorted({str(grant) for grant in grants})
    for grant in Grant.objects.select_for_update().filter(pk__in=wanted).order_by("pk"):
        if grant.uses.filter(subject=subject).exists():
            continue
        if grant.max_models is not None and grant.uses.count() >= grant.max_models:
            raise RefusedError(
                "grant_used_up",
                f"{grant.assigner} permitted {grant.max_models} "
                f"model{'' if grant.max_models == 1 else 's'}, and that many were approved.",
                f"Ask {grant.assigner} for a permission for one more.",
            )
        GrantUse.objects.create(grant=grant, subject=subject)
        event = events.GrantUsed(by=subject)
        append(actor=actor.id, subject=f"grant:{grant.pk}", event=event)


def give(
    actor: Actor,
    member: PartyMember,
    terms: Terms,
    works: list[Work] | None,
    assignee: User | None,
    ask: Ask | None = None,
) -> Grant:
    """Check the terms and put the grant on record; call it inside a transaction."""
    _require_sensible(member, terms, works)
    stated = {name: getattr(terms, name) for name in AS_STATED}
    given = Grant.objects.create(
        assigner=member.party,
        assignee=assignee,
        all_works=works is None,
        actions=sorted(set(terms.actions)),
        duties=[duty_record(duty) for duty in terms.duties],
        identity_level=member.signing_level,
        ask=ask,
        given_by_id=user_id(actor),
        **{k: list(v) if isinstance(v, tuple) else v for k, v in stated.items()},
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
    mark_stale(kind="party", refs=[str(member.party_id)], improves=True)
    return given


def _may_revoke(actor: Actor, grant: Grant) -> bool:
    """A private link takes back only what was given by the request that it belongs to."""
    if actor.kind == "link":
        return private.link_may_revoke(actor.id, grant)
    return selectors.may_revoke(user_id(actor), grant)


def _require_sensible(member: PartyMember, terms: Terms, works: list[Work] | None) -> None:
    is_person = member.party.kind == Party.Kind.PERSON
    found = objections(terms, is_person=is_person, today=timezone.now().date())
    if works == [] and set(terms.actions) & BY_HOLDERS:
        found.append("Choose at least one work, or all that you hold.")
    if found:
        raise InvalidError("invalid_terms", " ".join(found))
