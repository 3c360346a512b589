"""What else a work shows, and whether it is still protected where. Declared, never detected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.attribution import events, places
from provenance.attribution.citing import cited, party_said
from provenance.attribution.parties import user_id
from provenance.attribution.voices import Voice, locked, require_voice
from provenance.clearance.gathering.works import DEPTH
from provenance.clearance.services import mark_stale
from provenance.models import Layer, Level, Party, TerritoryStatus, TitleLink, Work

if TYPE_CHECKING:
    from accounts.actors import Actor


def declare_layer(
    *,
    actor: Actor,
    work: Work,
    kind: str,
    state: str,
    shows: Work | None = None,
    title: str = "",
    holder: str = "",
) -> Layer:
    """State that the work shows none, or may show one, or shows `shows`.

    Instead of `shows` a work can be declared here by `title` and `holder`. A known one takes back
    an earlier "none" or "unsure" of its kind.
    """
    _require_words(kind, state, shows, title, holder)
    with transaction.atomic():
        found = locked(work)
        voice = require_voice(actor, found)
        if state == Layer.State.KNOWN:
            shows = shows or _shown_work(actor, title, holder)
            _require_no_circle(found, shows)
        layer = _keep(actor, found, kind, state, shows)
        event = events.LayerDeclared(
            layer=kind, state=state, shows=str(shows.pk) if shows is not None else ""
        )
        append(actor=actor.id, subject=f"work:{found.pk}", event=event)
        mark_stale(kind="work", refs=[str(found.pk)], merely_claimed=not voice.known)
    return layer


def _require_words(kind: str, state: str, shows: Work | None, title: str, holder: str) -> None:
    if kind not in Layer.Kind.values or state not in Layer.State.values:
        raise InvalidError(
            "bad_layer",
            "A layer has a kind and a state.",
            f"Kinds: {', '.join(Layer.Kind.values)}. States: {', '.join(Layer.State.values)}.",
        )
    names_one = shows is not None or bool(title.strip() and holder.strip())
    if state == Layer.State.KNOWN and not names_one:
        raise InvalidError(
            "layer_missing",
            "What it shows is known, and no work is named.",
            "Name the work, or give its title and who holds it; else say that you are unsure.",
        )
    if state != Layer.State.KNOWN and (shows is not None or title.strip()):
        raise InvalidError(
            "layer_unfit", "A work is named, and it is not said to be known.", "Say “known”."
        )


def _shown_work(actor: Actor, title: str, holder: str) -> Work:
    """A work put on record because another one shows it; its holder is merely stated."""
    party = party_said(actor, holder, Party.Kind.ORGANISATION)
    made = Work.objects.create(title=title.strip()[:300], registered_by_id=user_id(actor))
    link = TitleLink.objects.create(work=made, party=party, declared_by_id=user_id(actor))
    event = events.TitleLinked(
        link=str(link.pk),
        link_kind=link.kind,
        grantor="",
        party=str(party.pk),
        conveys=(),
        reserves=(),
        territories=(),
        undoes="",
        evidence="",
        known=False,
    )
    append(actor=actor.id, subject=f"work:{made.pk}", event=event, statement=made.title)
    return made


def _require_no_circle(work: Work, shows: Work) -> None:
    """As deep as decisions read; what lies deeper they flag, and a circle there ends for them."""
    met = fresh = {shows.pk}
    for _ in range(DEPTH):
        if work.pk in fresh:
            raise InvalidError(
                "circular_layer",
                f"“{shows}” is itself “{work}”, or shows it.",
                "Name what lies underneath.",
            )
        seen_in = Layer.objects.filter(work__in=fresh).exclude(shows=None)
        fresh = set(seen_in.values_list("shows", flat=True)) - met
        met = met | fresh


def _keep(actor: Actor, work: Work, kind: str, state: str, shows: Work | None) -> Layer:
    of_kind = work.layers.filter(kind=kind)
    if shows is None and of_kind.exclude(shows=None).exists() and state == Layer.State.NONE:
        raise RefusedError(
            "layer_on_record",
            "A work that it shows is on record.",
            "Take that layer off first, if it is wrong.",
        )
    of_kind.filter(shows=None).delete()
    layer, _ = Layer.objects.get_or_create(
        work=work,
        kind=kind,
        shows=shows,
        defaults={"state": state, "declared_by_id": user_id(actor)},
    )
    return layer


def withdraw_layer(*, actor: Actor, layer: Layer) -> None:
    """Take a wrong layer off: by those who may change the work."""
    with transaction.atomic():
        work = locked(layer.work)
        voice = require_voice(actor, work)
        if not Layer.objects.filter(pk=layer.pk).delete()[0]:
            raise RefusedError("already_removed", "This layer was taken off before.")
        event = events.LayerWithdrawn(layer=layer.kind, shows=str(layer.shows_id or ""))
        append(actor=actor.id, subject=f"work:{work.pk}", event=event)
        mark_stale(kind="work", refs=[str(work.pk)], merely_claimed=not voice.known)


def state_status(
    *,
    actor: Actor,
    work: Work,
    territory: str,
    status: str,
    reason: str = "",
    year: int | None = None,
    evidence: str = "",
) -> TerritoryStatus:
    """State whether the work is protected in a territory: self-declared until it is checked."""
    _require_status(territory, status, reason)
    with transaction.atomic():
        found = locked(work)
        voice = require_voice(actor, found)
        _require_better(voice, found, territory)
        kept, _ = TerritoryStatus.objects.update_or_create(
            work=found,
            territory=territory,
            defaults={
                "status": status,
                "reason": reason.strip()[:300],
                "year": year,
                "level": Level.SELF_DECLARED,
                "evidence": cited(actor, evidence),
                "declared_by_id": user_id(actor),
            },
        )
        event = events.StatusDeclared(
            territory=territory, status=status, year=year, evidence=str(kept.evidence_id or "")
        )
        append(actor=actor.id, subject=f"work:{found.pk}", event=event, statement=kept.reason)
        mark_stale(kind="work", refs=[str(found.pk)], merely_claimed=not voice.known)
    return kept


def _require_status(territory: str, status: str, reason: str) -> None:
    if places.unknown_places([territory]):
        raise InvalidError(
            "unknown_territory",
            f"{territory!r} is no territory known here.",
            "Write “world” or a two-letter country code such as DE.",
        )
    if status not in TerritoryStatus.Status.values:
        known = ", ".join(TerritoryStatus.Status.values)
        raise InvalidError("bad_status", f"{status!r} is no status.", f"Known: {known}.")
    if status == TerritoryStatus.Status.PUBLIC_DOMAIN and not reason.strip():
        raise InvalidError(
            "reason_missing",
            "A work is in the public domain for a reason.",
            "Say why, for example “70 years after the death of its maker in 1926”.",
        )


def _require_better(voice: Voice, work: Work, territory: str) -> None:
    checked = work.statuses.filter(territory=territory, level__gt=Level.SELF_DECLARED)
    if not voice.known and checked.exists():
        raise PermissionDenied("This status was checked; those who speak for the work change it.")
