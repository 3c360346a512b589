"""An operator decides how this site reads a licence, and what its policy is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from accounts.errors import InvalidError
from ledger.services import append
from provenance.attribution.licences import licence_named
from provenance.clearance.services import mark_stale
from provenance.consent import events
from provenance.consent.policy import CHOICES, SHIPPED, current_policy
from provenance.consent.services.members import user_id
from provenance.models import Level, Licence, LicenceReading, PolicyRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.actors import Actor

READ: Final = ("training", "commercial", "derivatives", "attribution", "share_alike", "note")
"""What a reading of a licence says."""
AXES: Final = 2
"""Identity and title."""


def read_licence(*, actor: Actor, code: str, changes: Mapping[str, Any], reason: str) -> Licence:
    """An operator reads a licence anew; decisions that rest on it are made again."""
    actor.require("operator")
    why = _reason(reason)
    _require_readable(changes)
    with transaction.atomic():
        licence = Licence.objects.select_for_update().get(pk=licence_named(code).pk)
        before = reading_of(licence)
        if before == before | dict(changes):
            raise InvalidError("nothing_changes", f"{code} is read like that already.")
        for name, value in changes.items():
            setattr(licence, name, value)
        licence.reading += 1
        licence.save(update_fields=[*changes, "reading"])
        LicenceReading.objects.create(
            licence=licence,
            number=licence.reading,
            body=reading_of(licence),
            reason=why,
            read_by_id=user_id(actor),
        )
        event = events.LicenceRead(reading=licence.reading, changed=tuple(sorted(changes)))
        append(actor=actor.id, subject=f"licence:{code}", event=event, statement=why)
        mark_stale(kind="licence", refs=[code])
    return licence


def reading_of(licence: Licence) -> dict[str, Any]:
    """How the site reads `licence` now, as a reading keeps it."""
    return {name: getattr(licence, name) for name in READ}


def _require_readable(changes: Mapping[str, Any]) -> None:
    strange = sorted(set(changes) - set(READ))
    if strange or not changes:
        raise InvalidError("bad_reading", f"Change some of: {', '.join(READ)}.")
    for name, value in changes.items():
        kind = str if name in ("training", "note") else bool
        if not isinstance(value, kind):
            raise InvalidError("bad_reading", f"{name} has to be {_told(kind)}.")
    if changes.get("training", "yes") not in Licence.Speaks.values:
        known = ", ".join(Licence.Speaks.values)
        raise InvalidError("bad_reading", f"A licence's word on training is one of: {known}.")


def _told(kind: type) -> str:
    return "text" if kind is str else "true or false"


def set_policy(*, actor: Actor, changes: Mapping[str, Any], reason: str) -> PolicyRecord:
    """An operator changes the site's policy; every decision is made again under it."""
    actor.require("operator")
    why = _reason(reason)
    with transaction.atomic():
        body = current_policy()
        _require_known(changes)
        body |= changes
        body["evidence"] = current_policy()["evidence"] | changes.get("evidence", {})
        record = PolicyRecord.objects.create(body=body, reason=why, decided_by_id=user_id(actor))
        event = events.PolicyChanged(policy=record.pk, changed=tuple(sorted(changes)))
        append(actor=actor.id, subject="policy:site", event=event, statement=why)
        mark_stale(kind="policy", refs=["site"])
    return record


def _require_known(changes: Mapping[str, Any]) -> None:
    if not changes or set(changes) - set(SHIPPED):
        raise InvalidError("bad_policy", f"Change some of: {', '.join(SHIPPED)}.")
    for name, choices in CHOICES.items():
        if changes.get(name, choices[0]) not in choices:
            raise InvalidError("bad_policy", f"{name} is one of: {', '.join(choices)}.")
    evidence = changes.get("evidence", {})
    if not isinstance(evidence, dict) or set(evidence) - set(SHIPPED["evidence"]):
        raise InvalidError("bad_policy", f"Evidence is for: {', '.join(SHIPPED['evidence'])}.")
    for action, levels in evidence.items():
        fits = isinstance(levels, list) and all(type(n) is int for n in levels)
        if not fits or len(levels) != AXES or not set(levels) <= set(Level.values):
            raise InvalidError("bad_policy", f"{action} needs two levels, each from 0 to 3.")


def _reason(reason: str) -> str:
    if not reason.strip():
        raise InvalidError("reason_missing", "Say why: it is kept on record.", "Add a reason.")
    return reason.strip()
