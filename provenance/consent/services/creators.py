"""A creator is told when somebody else permits something, and may choose, object or be silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.actors import SYSTEM
from accounts.errors import InvalidError
from ledger.services import append
from provenance.clearance.services import mark_stale
from provenance.consent import events, private
from provenance.consent.rules import BY_HOLDERS
from provenance.consent.services.crediting import keep_credit
from provenance.consent.services.links import GoneError, make_link, reach, use
from provenance.consent.services.members import member_of
from provenance.models import ConsentLink, CreatorNotice, CreditChoice, Level

if TYPE_CHECKING:
    from accounts.actors import Actor
    from provenance.models import Grant


def tell_creators(*, actor: Actor, grant: Grant) -> list[CreatorNotice]:  # noqa: ARG001 - like all commands
    """Tell each creator who can be reached and is not the one who permits."""
    if not set(grant.actions) & BY_HOLDERS:
        return []
    told = []
    for creator in private.creators_of(grant):
        contact = reach(creator, grant.assignee_id)
        if contact is None:
            continue
        notice = CreatorNotice.objects.create(grant=grant, creator=creator)
        make_link(kind=ConsentLink.Kind.NOTICE, party=creator, contact=contact, notice=notice)
        event = events.CreatorTold(notice=str(notice.pk), creator=str(creator.pk))
        append(actor=SYSTEM.id, subject=f"grant:{grant.pk}", event=event)
        told.append(notice)
    return told


def answer_notice(
    *,
    actor: Actor,
    notice: CreatorNotice,
    link: ConsentLink | None = None,
    objects: bool = False,
    words: str = "",
    choice: str = "",
    text: str = "",
) -> CreatorNotice:
    """The creator objects or does not, and says how to be credited if they care to.

    What is said from an address that nobody confirmed is looked at, and holds nothing up.
    """
    if choice and choice not in CreditChoice.Choice.values:
        raise InvalidError(
            "unknown_choice", f"Choose one of: {', '.join(CreditChoice.Choice.values)}."
        )
    state = CreatorNotice.State.OBJECTED if objects else CreatorNotice.State.ANSWERED
    with transaction.atomic():
        level = _answer_once(actor, notice, link)
        CreatorNotice.objects.filter(pk=notice.pk).update(
            state=state, words=words.strip(), answered_at=timezone.now()
        )
        works = private.works_told_of(notice)
        if choice:
            _credit(actor, notice, choice, text.strip()[:300])
        if objects:
            event = events.CreatorObjected(notice=str(notice.pk))
            append(actor=actor.id, subject=f"grant:{notice.grant_id}", event=event, statement=words)
        claimed = level < Level.CONTACT_CONFIRMED
        mark_stale(kind="work", refs=[str(w.pk) for w in works], merely_claimed=claimed)
    notice.refresh_from_db()
    return notice


def _answer_once(actor: Actor, notice: CreatorNotice, link: ConsentLink | None) -> Level:
    """How well whoever answers is known. By a link once; who signs in may think again."""
    if link is None:
        return Level(member_of(actor, notice.creator).level)
    if link.notice_id != notice.pk or actor.id != str(link.pk):
        raise PermissionDenied("This link does not answer this notice.")
    if notice.state != CreatorNotice.State.TOLD:
        raise GoneError("notice_answered", "This has been answered before.")
    use(link)
    return Level(link.contact.level) if link.contact else Level.SELF_DECLARED


def _credit(actor: Actor, notice: CreatorNotice, choice: str, text: str) -> None:
    for work in private.works_told_of(notice):
        keep_credit(actor, notice.creator, choice, text, work)
