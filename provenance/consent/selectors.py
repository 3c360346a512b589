"""Who may speak for whom, and which requests for permission wait for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.http import Http404

from accounts.errors import InvalidError
from accounts.models import User
from ledger.models import Entry
from provenance.clearance.rules.addresses import lies_in
from provenance.consent.odrl import Agreement
from provenance.consent.rules import Terms, duty_of
from provenance.models import (
    Ask,
    Contact,
    CreditChoice,
    Grant,
    Level,
    Party,
    PartyMember,
    Reservation,
    SetImage,
    Work,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from provenance.models import ImageSet


OPEN = (Ask.State.ASKED, Ask.State.CONFIRMING)
"""States of a request that may still be answered, by somebody who signs in or by a link."""


def membership(user_id: UUID | str | None, party: Party) -> PartyMember | None:
    """How `user_id` speaks for `party`, or None where that does not count here."""
    if user_id is None or not Party.spoken_for_by(user_id).filter(pk=party.pk).exists():
        return None
    return PartyMember.objects.filter(user_id=user_id, party=party).first()


def asks_to(user: User) -> QuerySet[Ask]:
    """Requests for permission to the parties that `user` speaks for, newest first."""
    return (
        Ask.objects.filter(party__in=Party.spoken_for_by(user.pk))
        .select_related("party", "applicant", "image_set")
        .prefetch_related("works", "grants")
    )


def asks_by(user: User) -> QuerySet[Ask]:
    """What `user` asked others for."""
    asks = Ask.objects.filter(applicant=user).select_related("party", "image_set")
    return asks.prefetch_related("grants")


def ask_for(user: User, ask_id: UUID | str) -> tuple[Ask, bool]:
    """The request and whether `user` may answer it; a stranger gets 404."""
    ask = Ask.objects.select_related("party", "applicant", "image_set").filter(pk=ask_id).first()
    if ask is None:
        raise Http404
    speaks = membership(user.pk, ask.party) is not None
    if not speaks and ask.applicant_id != user.pk and not user.is_reviewer:
        raise Http404
    return ask, speaks and ask.state in OPEN


def grants_of(user: User) -> QuerySet[Grant]:
    """Grants given by the parties that `user` speaks for, or given to `user`."""
    mine = Q(assigner__in=Party.spoken_for_by(user.pk)) | Q(assignee=user) | Q(given_by=user)
    grants = Grant.objects.filter(mine).select_related("assigner", "assignee", "evidence")
    return grants.prefetch_related("works").distinct()


def grant_for(user: User, grant_id: UUID | str) -> tuple[Grant, bool]:
    """The grant and whether `user` may revoke it; a stranger gets 404."""
    grant = grants_of(user).filter(pk=grant_id).first()
    if grant is None:
        raise Http404
    return grant, may_revoke(user.pk, grant)


def may_revoke(user_id: UUID | str | None, grant: Grant) -> bool:
    """Whoever gave it, or whoever is known to speak for the party; not a self-declared member."""
    if grant.revoked_at is not None:
        return False
    member = membership(user_id, grant.assigner)
    if member is None:
        return False
    return member.level >= Level.CONTACT_CONFIRMED or str(grant.given_by_id) == str(user_id)


def is_of(work: Work, party: Party) -> bool:
    """Whether `party` holds or made `work`, as far as is on record."""
    return Work.of([party]).filter(pk=work.pk).exists()


def works_of_party_in(image_set: ImageSet, party: Party) -> QuerySet[Work]:
    """Works that the set shows, declared or found by matching, and that `party` holds or made."""
    shown = Q(items__image_set=image_set) | Q(
        protections__entry__matches__image__items__image_set=image_set,
        protections__entry__ended_version=None,
    )
    return Work.of([party]).filter(shown)


def pictures_of(ask: Ask) -> QuerySet[SetImage]:
    """The pictures of the set that show what is asked for, declared or found by matching."""
    shown = Q(work__in=ask.works.all()) | Q(
        image__matches__entry__protection__work__in=ask.works.all()
    )
    return ask.image_set.items.filter(shown).select_related("work", "image").distinct()


def history_of(ask: Ask) -> QuerySet[Entry]:
    """What the ledger tells of a request, oldest first."""
    entries = Entry.objects.filter(
        subject=f"set:{ask.image_set_id}",
        kind__startswith="permission.",
        data__contains=str(ask.pk),
    )
    return entries.order_by("position")


def reservations_of(user: User) -> QuerySet[Reservation]:
    """Prohibitions by the user's parties, those that hold first, then newest first."""
    mine = Reservation.objects.filter(party__in=Party.spoken_for_by(user.pk))
    return mine.select_related("party", "work").order_by(
        F("lifted_at").desc(nulls_first=True), "-registered_at"
    )


def owns_domain(party: Party, host: str) -> bool:
    """Whether `host` lies in a web domain that is known to be the party's."""
    known = Contact.objects.filter(party=party, kind=Contact.Kind.DOMAIN, ended_at=None)
    domains = known.filter(level__gte=Level.CONTACT_CONFIRMED).values_list("value", flat=True)
    return any(lies_in(host, domain) for domain in domains)


def works_named(party: Party, ids: Iterable[UUID] | None) -> list[Work] | None:
    """Works of `party` by their ids; None stays None. One that is not theirs is refused."""
    if ids is None:
        return None
    wanted = set(ids)
    works = list(Work.of([party]).filter(pk__in=wanted))
    if len(works) != len(wanted):
        raise InvalidError(
            "not_your_work", f"{party} neither holds nor made one of these works.", "Leave it out."
        )
    return works


def assignee_named(user_id: UUID | None) -> User | None:
    """The user whom a permission is for; None stays None."""
    user = User.objects.filter(pk=user_id).first() if user_id else None
    if user_id is not None and user is None:
        raise InvalidError("unknown_assignee", "Nobody here has the id of this assignee.")
    return user


def terms_of(grant: Grant) -> Terms:
    """What a grant says, as it was stated."""
    names = set(Terms.__dataclass_fields__) - {"actions", "duties"}
    stated = {name: getattr(grant, name) for name in names}
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in stated.items()}
    duties = tuple(duty_of(duty) for duty in grant.duties)
    return Terms(tuple(grant.actions), duties=duties, **values)


def agreement_of(grant: Grant) -> Agreement:
    """A grant with the ids of whom and what it concerns."""
    works = None if grant.all_works else tuple(work.pk for work in grant.works.order_by("pk"))
    return Agreement(grant.pk, grant.assigner_id, terms_of(grant), works, grant.assignee_id)


def credit_choices_of(user: User) -> QuerySet[CreditChoice]:
    """How the parties that `user` speaks for want to be credited."""
    mine = CreditChoice.objects.filter(party__in=Party.spoken_for_by(user.pk))
    return mine.select_related("party", "work").order_by("party__name", "pk")
