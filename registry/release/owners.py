"""Give an owner another user name: theirs by right, or free. Old addresses lead on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from accounts.models import User
from accounts.reserved import OWNER_FORM, RESERVED_OWNERS
from ledger.services import append
from provenance.naming.selectors import names_in
from registry.events import OwnerRenamed
from registry.models import FormerName
from registry.release.services import ForbiddenError

if TYPE_CHECKING:
    from accounts.actors import Actor

TAKEN = "That name is, or was, somebody else's."


def rename_owner(*, actor: Actor, owner: User, username: str) -> User:
    """By the user, or by an operator. A person's name needs that person's identity, checked.

    What is released keeps the card and list that were signed, with the name it had.
    """
    if str(owner.pk) != actor.id and "operator" not in actor.roles:
        raise ForbiddenError("not_yours", "Only the user, or an operator, may change this name.")
    _require_free(owner, username)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=owner.pk)
        for model in locked.owned_models.order_by("pk"):
            FormerName.objects.filter(owner=username, name=model.name, model=model).delete()
            FormerName.objects.get_or_create(
                owner=locked.username, name=model.name, defaults={"model": model}
            )
        User.objects.filter(pk=locked.pk).update(username=username)
        append(actor=actor.id, subject=f"user:{locked.pk}", event=OwnerRenamed())
    owner.refresh_from_db()
    return owner


def _require_free(owner: User, username: str) -> None:
    if not re.fullmatch(OWNER_FORM, username) or username.lower() in RESERVED_OWNERS:
        raise InvalidError("bad_name", "Use 1 to 96 letters, digits, “.”, “_” and “-”.")
    if User.objects.filter(username__iexact=username).exclude(pk=owner.pk).exists():
        raise RefusedError("name_taken", TAKEN, "Take another name.")
    if FormerName.objects.filter(owner__iexact=username).exclude(model__owner=owner).exists():
        raise RefusedError("name_taken", TAKEN, "Take another name.")
    today = timezone.localdate()
    found = names_in([("user", username)], applicant=str(owner.pk), today=today)
    hits = [fact for fact in found if fact.proven]
    if hits:
        raise RefusedError(
            "name_protected",
            f"“{hits[0].matched}” is, or points to, a protected name.",
            "If it is your own, have your identity checked first; then it is yours to use.",
        )


def not_a_former_owner(username: str) -> None:
    """For sign-up: nobody takes over addresses that lead on to somebody else's models."""
    if FormerName.objects.filter(owner__iexact=username).exists():
        raise ValidationError(TAKEN, code="name_taken")
