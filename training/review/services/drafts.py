"""The applicant's own commands: begin a request, change it, have it checked, take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from ledger.services import append
from provenance.attribution.places import expanded
from training.bases.statements import why_no_base
from training.events import RequestClosed, RequestDrafted, RequestEdited
from training.models import Base, Request
from training.review import rules
from training.review.selectors import presets, subject_of
from training.review.services.locking import (
    ForbiddenError,
    evaluate,
    lock,
    move,
    require,
    unfreeze,
)

if TYPE_CHECKING:
    from accounts.actors import Actor
    from provenance.models import Evaluation, ImageSet
    from training.review.rules import Draft


def create_request(*, actor: Actor, image_set: ImageSet, draft: Draft) -> Request:
    """Begin a request for a set of one's own. Raises ValidationError with a sentence a field."""
    if str(image_set.owner_id) != actor.id:
        raise ForbiddenError(
            "not_your_set", "Only the owner of a set can ask to train on it.", "Ask its owner."
        )
    values = _values(draft, image_set)
    with transaction.atomic():
        request = Request.objects.create(image_set=image_set, applicant_id=actor.id, **values)
        event = RequestDrafted(image_set=str(image_set.pk), base=draft.base)
        append(actor=actor.id, subject=subject_of(request), event=event)
    return request


def edit_draft(*, actor: Actor, request: Request, draft: Draft) -> Request:
    """Replace what the draft says. Raises ValidationError with a sentence a field."""
    values = _values(draft, request.image_set)
    with transaction.atomic():
        locked = lock(actor, request, "edit")
        for name, value in values.items():
            setattr(locked, name, value)
        locked.save(update_fields=list(rules.DRAFT_FIELDS))
        event = RequestEdited(base=draft.base)
        append(actor=actor.id, subject=subject_of(locked), event=event)
    return locked


def _values(draft: Draft, image_set: ImageSet) -> dict[str, Any]:
    faults: dict[str, Any] = dict(rules.faults(draft))
    base = Base.objects.filter(pk=draft.base).first()
    if base is None:
        known = ", ".join(Base.objects.values_list("name", flat=True)) or "none yet"
        faults["base"] = why_no_base(draft.base) or (
            f"There is no base “{draft.base}” here. Known bases: {known}."
        )
    names = set(image_set.items.values_list("filename", flat=True))
    if unknown := sorted(set(draft.captions) - names):
        faults["captions"] = f"No picture of the set is called {', '.join(unknown)}."
    if draft.preset and draft.preset not in presets():
        faults["preset"] = f"Choose one of {', '.join(sorted(presets()))}, or none."
    if draft.resource not in settings.RUN_RESOURCES:
        here = " or ".join(settings.RUN_RESOURCES)
        faults["resource"] = f"No worker here has a {draft.resource}: choose {here}."
    if faults:
        raise ValidationError(faults)
    values = {name: getattr(draft, name) for name in rules.DRAFT_FIELDS}
    lists = {name: list(values[name]) for name in ("sample_prompts", "purposes")}
    lists["territories"] = list(expanded(draft.territories))
    return values | lists | {"base": base}


def check(*, actor: Actor, request: Request) -> Evaluation:
    """Ask for the verdict now, without submitting. Slow where pictures are not screened yet."""
    require(actor, request, "check")
    return evaluate(request)


def close(*, actor: Actor, request: Request) -> Request:
    """Take the request back; its set may be changed again."""
    with transaction.atomic():
        locked = lock(actor, request, "close")
        move(locked, "close")
        append(actor=actor.id, subject=subject_of(locked), event=RequestClosed())
        unfreeze(actor, locked)
    return locked
