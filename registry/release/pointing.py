"""Commands on what points to a revision or a model: labels, successors, addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.naming.selectors import names_in
from registry.events import ModelRenamed, RevisionDeprecated, RevisionLabelled
from registry.models import FormerName, Label, Model, Revision
from registry.release.selectors import is_owner, subject_of
from registry.release.services import ForbiddenError

if TYPE_CHECKING:
    from accounts.actors import Actor
    from accounts.models import User

LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)
COMMIT = re.compile(r"[0-9a-f]{40}")
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?", re.ASCII)
MAIN = "main"
JUDGES = frozenset({"reviewer", "operator"})


def set_label(*, actor: Actor, revision: Revision, label: str) -> Label:
    """Name a released revision of yours, once and for ever."""
    _require_owner(actor, revision)
    if not LABEL.fullmatch(label) or label == MAIN or COMMIT.fullmatch(label):
        raise InvalidError(
            "bad_label",
            "A label is 1 to 40 letters, digits, “.”, “_” and “-”, not “main”.",
            "Take one such as v1.2.",
        )
    if revision.released_at is None:
        raise RefusedError("not_released", "Only a released revision can be labelled.", "Release.")
    try:
        with transaction.atomic():
            made = Label.objects.create(model=revision.model, name=label, revision=revision)
            event = RevisionLabelled(label=label, commit=revision.commit)
            append(actor=actor.id, subject=subject_of(revision), event=event)
    except IntegrityError:
        raise RefusedError(
            "label_taken",
            f"The label {label} means another revision of this model already, or this one.",
            "A label never moves: people have pinned it. Take another one.",
        ) from None
    return made


def deprecate(
    *, actor: Actor, revision: Revision, reason: str, successor: Revision | None = None
) -> Revision:
    """Advise against a released revision of yours, and say which one to use instead."""
    _require_owner(actor, revision)
    if not reason.strip():
        raise InvalidError("reason_missing", "A reason is missing.", "Say why: people read it.")
    if successor is not None and not _may_follow(revision, successor):
        raise InvalidError(
            "bad_successor",
            "A successor is another released revision of the same model that does not lead back "
            "to this one.",
        )
    with transaction.atomic():
        rows = Revision.objects.filter(pk=revision.pk, released_at__isnull=False)
        changes = {"deprecated_at": timezone.now(), "deprecated_reason": reason.strip()}
        if not rows.update(successor=successor, **changes):
            raise RefusedError("not_released", "Only a released revision can be deprecated.")
        event = RevisionDeprecated(
            commit=revision.commit, successor=str(successor.pk) if successor else ""
        )
        append(actor=actor.id, subject=subject_of(revision), event=event, statement=reason.strip())
    revision.refresh_from_db()
    return revision


def _may_follow(revision: Revision, successor: Revision) -> bool:
    released = successor.model_id == revision.model_id and successor.released_at is not None
    return released and not _leads_to(successor, revision)


def _leads_to(start: Revision, goal: Revision) -> bool:
    """Whether following successors from `start` arrives at `goal`. There is never a circle."""
    here: Revision | None = start
    while here is not None and here.pk != goal.pk:
        here = here.successor
    return here is not None


def rename(*, actor: Actor, model: Model, name: str, reason: str = "") -> Model:
    """Give the model another name; the old address leads on to it.

    By its owner. A reviewer or operator renames for cause, with a reason: then the old address,
    which was the wrong, leads nowhere. What is released keeps the card that was signed.
    """
    mine = str(model.owner_id) == actor.id
    if not mine and not actor.roles & JUDGES:
        raise ForbiddenError("not_yours", "Only its owner, or a reviewer, may rename a model.")
    for_cause = bool(reason.strip())
    if not mine and not for_cause:
        raise InvalidError("reason_missing", "A reason is missing.", "Say why: its owner reads it.")
    require_free_name(model.owner, name, but=model)
    try:
        with transaction.atomic():
            _move(model, name, for_cause=for_cause)
            event = ModelRenamed(for_cause=for_cause)
            append(actor=actor.id, subject=f"model:{model.pk}", event=event, statement=reason)
    except IntegrityError:
        raise RefusedError("name_taken", "That address has just been taken.") from None
    model.refresh_from_db()
    return model


def _move(model: Model, name: str, *, for_cause: bool) -> None:
    """Under the model's lock: of two renames at once the second starts where the first ended."""
    locked = Model.objects.select_for_update(of=("self",)).get(pk=model.pk)
    owner = locked.owner.username
    FormerName.objects.filter(owner=owner, name=name, model=locked, for_cause=False).delete()
    FormerName.objects.create(owner=owner, name=locked.name, model=locked, for_cause=for_cause)
    if for_cause:  # addresses that it had even before lead to the same wrong
        FormerName.objects.filter(model=locked).update(for_cause=True)
    Model.objects.filter(pk=locked.pk).update(name=name)


def require_free_name(owner: User, name: str, *, but: Model | None = None) -> None:
    """Refuse a name of the wrong form, of another model of `owner`, or of a person.

    `but` is the model that is to bear it: an address of its own, not left for cause, is free.
    """
    if not NAME.fullmatch(name):
        raise InvalidError(
            "bad_name",
            "A model's name is 1 to 96 letters, digits, “.”, “_” and “-”, beginning and ending "
            "with a letter or digit.",
        )
    taken = Model.objects.filter(owner=owner, name=name).exists()
    former = FormerName.objects.filter(owner=owner.username, name=name)
    if taken or former.filter(~Q(model=but) | Q(for_cause=True)).exists():
        raise RefusedError(
            "name_taken", "That address is, or was, another one's.", "Take another name."
        )
    today = timezone.now().date()
    hits = names_in([("name", name)], applicant=str(owner.pk), today=today)
    if hits:
        raise RefusedError(
            "name_protected",
            f"“{hits[0].matched}” looks like a person's name, and no consent to it is on record.",
            "Take a neutral name, or ask the person for their consent first.",
        )


def _require_owner(actor: Actor, revision: Revision) -> None:
    if not is_owner(actor, revision):
        raise ForbiddenError("not_yours", "Only the owner of a model may do this.", "Ask them.")
