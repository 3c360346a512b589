"""Decisions about names, recorded in the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.events import NamesakeCleared
from provenance.models import Level, Namesake, Party
from provenance.naming.rules.folding import fold

if TYPE_CHECKING:
    from accounts.actors import Actor
    from accounts.models import User


@transaction.atomic
def clear_namesake(*, actor: Actor, user: User, party: Party, form: str, reason: str) -> Namesake:
    """Let `user` write `form`, which resembles a name of `party`, as it is their own proven name.

    A reviewer decides, and nobody about themselves.
    """
    actor.require("reviewer")
    if str(user.pk) == actor.id:
        raise RefusedError(
            "own_request", "Nobody decides about their own name.", "Ask another reviewer."
        )
    if not form.strip() or not reason.strip():
        raise InvalidError("words_missing", "Say which form is allowed, and why.")
    if not _is_own(user, form):
        raise RefusedError(
            "name_not_proven",
            f"“{form}” is not on record as a checked name of this user.",
            "Check the evidence of their identity first, then decide.",
        )
    made, is_new = Namesake.objects.get_or_create(
        user=user, party=party, form=form,
        defaults={"reason": reason, "decided_by_id": actor.id},
    )  # fmt: skip
    if is_new:
        event = NamesakeCleared(user=str(user.pk), decision=made.pk)
        append(actor=actor.id, subject=f"party:{party.pk}", event=event, statement=reason)
    return made


def _is_own(user: User, form: str) -> bool:
    """Whether a checked party of this checked user has a name with the same letters."""
    own = Party.objects.filter(merged_into=None, level__gte=Level.DOCUMENT_CHECKED)
    own = own.filter(members__user=user, members__level__gte=Level.DOCUMENT_CHECKED)
    names = [n for p in own for n in (p.name, *p.other_names.values_list("text", flat=True))]
    return fold(form).text in {fold(name).text for name in names}
