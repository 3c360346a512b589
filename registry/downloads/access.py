"""Commands about access by approval: ask, approve, reject, and whether the owner decides at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from registry.events import AccessApproved, AccessRejected, AccessRequested, AccessRuleChanged
from registry.models import AccessRequest, Model
from registry.release.services import ForbiddenError

if TYPE_CHECKING:
    from accounts.actors import Actor
    from ledger.rules import Event

State = AccessRequest.State


def set_approval(*, actor: Actor, model: Model, by_approval: bool) -> Model:
    """Say whether you decide about each person. Who was approved before stays approved."""
    _require_owner(actor, model)
    if not model.gated:
        raise RefusedError(
            "not_gated",
            "This model is open to everybody, as its request said.",
            "Ask for training as a gated model.",
        )
    with transaction.atomic():
        Model.objects.filter(pk=model.pk).update(by_approval=by_approval)
        event = AccessRuleChanged(by_approval=by_approval)
        append(actor=actor.id, subject=f"model:{model.pk}", event=event)
    model.refresh_from_db()
    return model


def ask(*, actor: Actor, model: Model, purpose: str) -> AccessRequest:
    """Ask for a model. After a rejection you may ask again; while one waits, it is that one."""
    if not purpose.strip():
        raise InvalidError("purpose_missing", "Say what you want it for.", "Its owner reads it.")
    if not model.by_approval:
        raise RefusedError("no_approval", "Nobody needs to be asked for this model.", "Take it.")
    try:
        with transaction.atomic():
            made = AccessRequest.objects.create(
                model=model, user_id=actor.id, purpose=purpose.strip()[:2000]
            )
            _record(actor, made, AccessRequested(model=str(model.pk)), purpose.strip())
    except IntegrityError:
        open_ = AccessRequest.objects.exclude(state=State.REJECTED)
        return open_.get(model=model, user_id=actor.id)
    return made


def approve(*, actor: Actor, request: AccessRequest) -> AccessRequest:
    """Let the person have the model."""
    return _decide(actor, request, State.APPROVED, AccessApproved(model=str(request.model_id)))


def reject(*, actor: Actor, request: AccessRequest, reason: str) -> AccessRequest:
    """Do not, and say why; also for somebody whom you approved before."""
    if not reason.strip():
        raise InvalidError("reason_missing", "A reason is missing.", "The person reads it.")
    event = AccessRejected(model=str(request.model_id))
    return _decide(actor, request, State.REJECTED, event, reason.strip())


def _decide(
    actor: Actor, request: AccessRequest, state: str, event: Event, reason: str = ""
) -> AccessRequest:
    _require_owner(actor, request.model)
    sources = [State.WAITING] if state == State.APPROVED else [State.WAITING, State.APPROVED]
    with transaction.atomic():
        rows = AccessRequest.objects.filter(pk=request.pk, state__in=sources)
        if not rows.update(state=state, reason=reason, decided_at=timezone.now()):
            raise RefusedError("wrong_state", "It has been decided already.", "Load it again.")
        _record(actor, request, event, reason)
    request.refresh_from_db()
    return request


def _record(actor: Actor, request: AccessRequest, event: Event, words: str) -> None:
    append(actor=actor.id, subject=f"access:{request.pk}", event=event, statement=words)


def _require_owner(actor: Actor, model: Model) -> None:
    if str(model.owner_id) != actor.id:
        raise ForbiddenError("not_yours", "Only the owner of the model may decide this.")
