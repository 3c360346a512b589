"""What every command of review begins with: the rule asked, the row locked, the set's freeze."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.clearance import rules as clearance
from provenance.clearance.services import evaluate_set
from provenance.models import ImageSet
from training.events import SetFrozen, SetUnfrozen
from training.models import Request
from training.review import rules
from training.review.selectors import is_own, subject_of, use_of

if TYPE_CHECKING:
    from accounts.actors import Actor
    from provenance.models import Evaluation


class ForbiddenError(RefusedError):
    """Somebody else may do this, not you."""

    status = 403


def require(actor: Actor, request: Request, command: str) -> None:
    """Refuse unless the table lets `actor` give `command` now."""
    refusal = rules.allowed(
        command,
        state=request.state,
        roles=actor.roles,
        is_applicant=is_own(actor, request),
    )
    if refusal is None:
        return
    kind = RefusedError if refusal.code == "wrong_state" else ForbiddenError
    raise kind(refusal.code, refusal.sentence, refusal.remedy)


def lock(actor: Actor, request: Request, command: str) -> Request:
    """The request's row as it is now, locked until the transaction ends, if the rule allows.

    Asked again under the lock: of two people who decide at once, the second finds the state
    that the first one left.
    """
    rows = Request.objects.select_for_update(of=("self",))
    locked = rows.select_related("image_set", "applicant", "base").get(pk=request.pk)
    require(actor, locked, command)
    return locked


def move(request: Request, command: str) -> None:
    """Change the state as the table says, only from a state that it names."""
    wanted = rules.BY_NAME[command]
    moved = Request.objects.filter(pk=request.pk, state__in=wanted.sources).update(
        state=wanted.target
    )
    if moved != 1 or wanted.target is None:
        raise RefusedError("wrong_state", "Somebody else was quicker.", "Load the page again.")
    request.state = wanted.target


def reason_of(text: str) -> str:
    """The reason, without blanks around it; an empty one is refused."""
    if not text.strip():
        raise InvalidError(
            "reason_missing",
            "A decision needs a reason.",
            "Write why: the applicant and later readers see it.",
        )
    return text.strip()


def evaluate(request: Request) -> Evaluation:
    """Ask for the decision about the request as it is now. Slow: outside of transactions."""
    return evaluate_set(
        image_set=request.image_set,
        use=use_of(request),
        subject=subject_of(request),
        base=clearance.BaseFact(request.base_id, request.base.cleared),
    )


def freeze(actor: Actor, request: Request) -> None:
    """Nobody changes the set from here on."""
    frozen = ImageSet.objects.filter(pk=request.image_set_id, frozen_at=None)
    if frozen.update(frozen_at=timezone.now()):
        event = SetFrozen(request=str(request.pk))
        append(actor=actor.id, subject=f"set:{request.image_set_id}", event=event)


def unfreeze(actor: Actor, request: Request) -> None:
    """The set may be changed again, unless another request still rests on it."""
    others = Request.objects.filter(image_set=request.image_set_id, state__in=rules.FREEZING)
    if others.exclude(pk=request.pk).exists():
        return
    frozen = ImageSet.objects.filter(pk=request.image_set_id).exclude(frozen_at=None)
    if frozen.update(frozen_at=None):
        event = SetUnfrozen(request=str(request.pk))
        append(actor=actor.id, subject=f"set:{request.image_set_id}", event=event)
