"""Reads of sets and pictures. A stranger finds nothing, not even that there is something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404
from django.utils import timezone

from accounts.actors import OVERSEERS
from ledger.models import Entry
from provenance.clearance.rules import Use
from provenance.intake.metadata.embedded import STRICTEST_FIRST
from provenance.models import (
    Action,
    Ask,
    Evaluation,
    ImageSet,
    PartyMember,
    SetImage,
    Standing,
)

if TYPE_CHECKING:
    import uuid

    from django.db.models import QuerySet

    from accounts.models import User

PLAIN_ACTIONS: Final = (Action.TRAIN.value, Action.DISTRIBUTE_WEIGHTS.value)
"""What a set page asks about before a request says more."""
CHANGES: Final = (
    *("picture.added", "picture.fetched", "picture.removed", "picture.declared"),
    "set.renamed",
)


def own_sets(user: User) -> QuerySet[ImageSet]:
    """The user's own sets, newest first, with `pictures`, their number."""
    return ImageSet.objects.filter(owner=user).annotate(pictures=Count("items"))


def visible_sets(user: User) -> QuerySet[ImageSet]:
    """What the user may look at.

    Reviewers, auditors and operators see every set; those known to speak for a party the sets it
    was asked about. Merely saying so opens nobody's pictures.
    """
    if user.roles & OVERSEERS:
        return ImageSet.objects.all()
    known = PartyMember.known(user)
    asked = Ask.objects.filter(image_set=OuterRef("pk"), party__in=known.values("party"))
    return ImageSet.objects.filter(Q(owner=user) | Exists(asked))


def own_set(user: User, set_id: uuid.UUID | str) -> ImageSet:
    """A set that the user may change, or Http404."""
    found = own_sets(user).filter(pk=set_id).first()
    if found is None:
        raise Http404
    return found


def visible_set(user: User, set_id: uuid.UUID | str) -> ImageSet:
    """A set that the user may look at, or Http404."""
    found = visible_sets(user).filter(pk=set_id).first()
    if found is None:
        raise Http404
    return found


def items_of(image_set: ImageSet) -> QuerySet[SetImage]:
    """The set's pictures in order, with all that a page or an answer shows of them."""
    return (
        image_set.items.select_related("image", "work")
        .prefetch_related(
            "work__creators",
            "work__title_links__party",
            "work__title_links__evidence",
            "work__licence_claims__licence",
            "work__licence_claims__licensor",
            "work__protections",
            "persons_shown__party",
            "custody",
        )
        .order_by("position")
    )


def own_item(user: User, item_id: uuid.UUID | str) -> SetImage:
    """A picture in one of the user's own sets, or Http404."""
    return _one(Q(pk=item_id, image_set__owner=user))


def visible_item(user: User, item_id: uuid.UUID | str) -> SetImage:
    """A picture that the user may look at, or Http404.

    Of a set it was asked about a party sees all: it answers for the set's purpose, and must see
    the company its works are in.
    """
    return _one(Q(pk=item_id, image_set__in=visible_sets(user)))


def _one(condition: Q) -> SetImage:
    items = SetImage.objects.select_related("image_set", "image", "work")
    found = items.filter(condition).first()
    if found is None:
        raise Http404
    return found


def signals_about(item: SetImage) -> list[dict[str, str]]:
    """What the file and the server that sent it say about training, strictest first."""
    said = [*item.image.embedded.get("signals", []), *item.fetched.get("signals", [])]
    return sorted(said, key=lambda one: STRICTEST_FIRST.index(one["training"]))


def subject_of(image_set: ImageSet) -> str:
    """The set's name in the ledger and among the standings."""
    return f"set:{image_set.pk}"


def plain_use(image_set: ImageSet) -> Use:
    """The use a set is judged for before it is part of a request: train and pass on the weights."""
    return Use(
        applicant=str(image_set.owner_id),
        actions=PLAIN_ACTIONS,
        purpose="train an image model",
        texts=(("set", image_set.name),),
    )


def current_evaluation(image_set: ImageSet) -> Evaluation | None:
    """The set's last verdict, while nothing that it rests on has changed since; else None."""
    subject = subject_of(image_set)
    lasting = Q(valid_until=None) | Q(valid_until__gte=timezone.now().date())
    standing = (
        Standing.objects.filter(lasting, pk=subject, stale_at=None)
        .select_related("evaluation")
        .first()
    )
    if standing is None:
        return None
    changed = Entry.objects.filter(
        subject=subject, kind__in=CHANGES, at__gt=standing.evaluation.evaluated_at
    )
    return None if changed.exists() else standing.evaluation


def findings_by_item(evaluation: Evaluation) -> dict[str, list[dict[str, Any]]]:
    """The verdict's findings by the id of the picture (or "set", "base", ...) they are about."""
    found: dict[str, list[dict[str, Any]]] = {}
    for finding in evaluation.findings:
        found.setdefault(finding["subject"], []).append(finding)
    return found
