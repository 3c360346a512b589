"""Reads of protections, by who may see them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import Http404

from accounts.actors import OVERSEERS
from provenance.intake.selectors import visible_item
from provenance.models import (
    Level,
    Match,
    MatchBank,
    Party,
    Protection,
    Screening,
    SetImage,
    TitleLink,
    Work,
)
from provenance.screening import indexes
from provenance.screening.exact import packed
from provenance.screening.likeness import MIN_QUALITY, WITHIN, likeness
from provenance.screening.looks import Look

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.models import User
    from provenance.models import Image, ImageSet


def visible_protections(user: User) -> QuerySet[Protection]:
    """Those of parties that the user speaks for, or that the user registered."""
    found = Protection.objects.select_related("work", "holder", "image", "entry").order_by(
        "-registered_at", "pk"
    )
    if user.roles & OVERSEERS:
        return found
    own = found.filter(registered_by=user) | found.filter(holder__in=Party.spoken_for_by(user.pk))
    return own.distinct()


def untitled(user: User, among: Iterable[Protection] | None = None) -> QuerySet[TitleLink]:
    """Titles to protected works that rest on the word of parties that the user speaks for.

    Of the party alone that protects the work; first those that no document was put to.
    """
    parties = Party.spoken_for_by(user.pk)
    shields = Protection.objects.filter(holder__in=parties, ended_at=None)
    if among is not None:
        shields = shields.filter(pk__in=[protection.pk for protection in among])
    links = TitleLink.objects.filter(
        Exists(shields.filter(work=OuterRef("work"), holder=OuterRef("party"))),
        ended_at=None, level=Level.SELF_DECLARED,
    )  # fmt: skip
    nothing_first = F("evidence__submitted_at").asc(nulls_first=True)
    return links.select_related("work", "evidence").order_by(nothing_first, "work__title", "pk")


def own_party(user: User, party_id: UUID) -> Party:
    """A party that the user speaks for; or Http404."""
    found = Party.spoken_for_by(user.pk).filter(pk=party_id).first()
    if found is None:
        raise Http404
    return found


def match_for(user: User, item_id: UUID, match_id: int) -> tuple[SetImage, Match, bool]:
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


def visible_banks(user: User) -> QuerySet[MatchBank]:
    """All, each with how many entries it has (`live`), for who oversees; or Http404."""
    if not user.roles & OVERSEERS:
        raise Http404
    live = Count("entries", filter=Q(entries__ended_version=None))
    return MatchBank.objects.annotate(live=live).order_by("pk")


@dataclass(frozen=True)
class Alike:
    """What a set's pictures have in common, and with what others submitted."""

    groups: list[list[SetImage]]
    heavy: list[Work]
    before: list[tuple[SetImage, int, int]]
    """Pictures that are in other sets too, as they are or nearly: in how many of the same owner,
    and in how many of others, which overseers alone are told."""


def alike_in(user: User, image_set: ImageSet) -> Alike:
    """Groups of near-duplicates, works that outweigh the others, pictures submitted before."""
    items = list(image_set.items.select_related("image", "work").order_by("position"))
    by_key = {str(item.pk): item for item in items}
    looks = {
        key: Look(
            tuple(item.image.pdq_dihedral), item.image.quality, b"", item.image.normalised_sha256
        )
        for key, item in by_key.items()
    }
    works = {key: str(item.work_id) if item.work_id else None for key, item in by_key.items()}
    found = likeness(looks, works)
    return Alike(
        groups=[[by_key[key] for key in group] for group in found.groups],
        heavy=list(Work.objects.filter(pk__in=found.heavy).order_by("title")),
        before=_before(items, image_set, others=bool(user.roles & OVERSEERS)),
    )


def _before(
    items: list[SetImage], image_set: ImageSet, *, others: bool
) -> list[tuple[SetImage, int, int]]:
    near = _near([item.image for item in items])
    known = SetImage.objects.exclude(image_set=image_set).filter(
        image__in={pk for some in near.values() for pk in some}
    )
    sets: dict[UUID, set[tuple[UUID, UUID]]] = defaultdict(set)
    for image, other, owner in known.values_list("image", "image_set", "image_set__owner"):
        sets[image].add((other, owner))
    found = []
    for item in items:
        theirs = {pair for pk in near[item.image_id] for pair in sets[pk]}
        own = sum(owner == image_set.owner_id for _, owner in theirs)
        if own or (others and theirs):
            found.append((item, own, len(theirs) - own if others else 0))
    return found


def _near(images: list[Image]) -> dict[UUID, set[UUID]]:
    """Ids of what was compared with the banks and has nearly the same code, and of itself."""
    near = {image.pk: {image.pk} for image in images}
    detailed = [image for image in images if image.quality >= MIN_QUALITY]
    found = indexes.compared.exact().search(packed([one.pdq for one in detailed]), WITHIN)
    numbers = {int(number) for one in found for number in one.ids}
    of_number = dict(Screening.objects.filter(pk__in=numbers).values_list("pk", "image"))
    for image, one in zip(detailed, found, strict=True):
        near[image.pk] |= {of_number[number] for number in map(int, one.ids) if number in of_number}
    return near


def may_see_listed(user: User, match: Match) -> bool:
    """Who uploads what merely resembles a private picture does not get to see that picture."""
    if user.roles & OVERSEERS:
        return True
    return visible_protections(user).filter(entry=match.entry_id).exists()
