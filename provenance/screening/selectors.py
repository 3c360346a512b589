"""Reads of protections, by who may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from accounts.actors import OVERSEERS
from provenance.models import Party, Protection

if TYPE_CHECKING:
    import uuid

    from django.db.models import QuerySet

    from accounts.models import User


def visible_protections(user: User) -> QuerySet[Protection]:
    """Those of parties that the user speaks for, or that the user registered."""
    found = Protection.objects.select_related("work", "holder", "image").order_by(
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
