"""Reads of protections, by who may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from accounts.actors import OVERSEERS
from provenance.intake.selectors import visible_item
from provenance.models import Match, Party, Protection, SetImage

if TYPE_CHECKING:
    import uuid

    from django.db.models import QuerySet

    from accounts.models import User


def visible_protections(user: User) -> QuerySet[Protection]:
    """Those of parties that the user speaks for, or that the user registered."""
    found = Protection.objects.select_related("work", "holder", "image", "entry").order_by(
        "-registered_at", "pk"
    )
    if user.roles & OVERSEERS:
        return found
    own = found.filter(registered_by=user) | found.filter(holder__in=Party.spoken_for_by(user.pk))
    return own.distinct()


def own_party(user: User, party_id: uuid.UUID) -> Party:
    """A party that the user speaks for; or Http404."""
    found = Party.spoken_for_by(user.pk).filter(pk=party_id).first()
    if found is None:
        raise Http404
    return found


def match_for(user: User, item_id: uuid.UUID, match_id: int) -> tuple[SetImage, Match, bool]:
    """A match of a picture that the user may see, and whether they may judge it; or Http404."""
    item = visible_item(user, item_id)
    known = item.image.matches.select_related("image", "entry__bank", "entry__image")
    found = known.filter(pk=match_id, entry__ended_version=None).first()
    if found is None:
        raise Http404
    return item, found, "reviewer" in user.roles and item.image_set.owner_id != user.pk


def matches_of(item: SetImage) -> list[Match]:
    """What a picture resembles, surest first; also what was discounted."""
    live = item.image.matches.filter(entry__ended_version=None)
    return list(live.select_related("entry__bank", "entry__protection__work"))


def may_see_listed(user: User, match: Match) -> bool:
    """Who uploads what merely resembles a private picture does not get to see that picture."""
    if user.roles & OVERSEERS:
        return True
    return visible_protections(user).filter(entry=match.entry_id).exists()
