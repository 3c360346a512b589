"""Put links of a chain of title on record, and end those that are wrong.

What is stated here is self-declared; only a check of the evidence it cites raises its level.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.attribution import chain_rules, events, links
from provenance.attribution.citing import cited, party_said, uuid_of
from provenance.attribution.places import WORLD, expanded
from provenance.attribution.voices import BETTER, Voice, locked, require_voice
from provenance.clearance.services import mark_stale
from provenance.models import Level, Party, TitleLink, Work

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from accounts.actors import Actor

PERSONS: Final = frozenset({TitleLink.Kind.AUTHORED, TitleLink.Kind.INHERITANCE})
"""Kinds whose party, where it is new here, is taken for a person."""


@dataclass(frozen=True)
class Stated:
    """A link as somebody states it; parties by id or by name, evidence by its id."""

    kind: str
    party: str = ""
    grantor: str = ""
    conveys: tuple[str, ...] = ()
    reserves: tuple[str, ...] = ()
    territories: tuple[str, ...] = (WORLD,)
    share: Decimal | None = None
    starts: date | None = None
    ends: date | None = None
    undoes: str = ""
    evidence: str = ""


def links_of(work: Work, *, ended: bool = False) -> list[TitleLink]:
    """The work's links in order, those without a date first."""
    found = work.title_links.select_related("party", "grantor", "evidence").filter(
        ended_at__isnull=not ended
    )
    return sorted(found, key=lambda x: (x.starts is not None, x.starts, x.declared_at, str(x.pk)))


def as_rule(link: TitleLink) -> links.Link:
    """The record as the rules see it."""
    return links.Link(
        id=str(link.pk),
        kind=link.kind,
        party=str(link.party_id),
        party_name=link.party.name,
        grantor=str(link.grantor_id) if link.grantor_id else None,
        grantor_name=link.grantor.name if link.grantor else "",
        conveys=tuple(link.conveys),
        reserves=tuple(link.reserves),
        territories=tuple(link.territories) or (WORLD,),
        share=link.share,
        starts=link.starts,
        ends=link.ends,
        undoes=str(link.undoes_id) if link.undoes_id else None,
    )


def add_link(*, actor: Actor, work: Work, stated: Stated) -> TitleLink:
    """Enter one link. InvalidError with the first thing that speaks against it."""
    if stated.kind not in TitleLink.Kind.values:
        known = ", ".join(TitleLink.Kind.values)
        raise InvalidError("bad_kind", f"{stated.kind!r} is no kind of link.", f"Known: {known}.")
    with transaction.atomic():
        work = locked(work)
        voice = require_voice(actor, work)
        live = links_of(work)
        link = _draft(actor, work, stated, live)
        wrong = chain_rules.objections(as_rule_of_new(link), [as_rule(other) for other in live])
        if wrong:
            raise InvalidError(wrong[0].code, wrong[0].sentence, wrong[0].remedy)
        _require_grantors_own(voice, link, live)
        _save(link)
        append(
            actor=actor.id,
            subject=f"work:{work.pk}",
            event=_event(link, voice),
            statement=links.sentence(as_rule(link)),
        )
        mark_stale(kind="work", refs=[str(work.pk)], merely_claimed=not voice.known)
    return link


def _draft(actor: Actor, work: Work, stated: Stated, live: Iterable[TitleLink]) -> TitleLink:
    undone = _undone(work, stated, live)
    party, grantor = stated.party, stated.grantor
    if undone is not None and undone.grantor_id:
        party, grantor = party or str(undone.grantor_id), grantor or str(undone.party_id)
    if not party and stated.kind in links.UNDOING:
        raise InvalidError(
            "undoes_missing", "Say which link of this work it undoes.", "Name the link's id."
        )
    new_kind = Party.Kind.PERSON if stated.kind in PERSONS else Party.Kind.ORGANISATION
    return TitleLink(
        work=work,
        kind=stated.kind,
        party=party_said(actor, party, new_kind),
        grantor=party_said(actor, grantor, Party.Kind.PERSON) if grantor else None,
        conveys=list(dict.fromkeys(stated.conveys)),
        reserves=list(dict.fromkeys(stated.reserves)),
        territories=list(expanded(stated.territories)) or [WORLD],
        share=stated.share,
        starts=stated.starts,
        ends=stated.ends,
        undoes=undone,
        evidence=cited(actor, stated.evidence),
        declared_by_id=actor.id if actor.kind == "user" else None,
    )


def _undone(work: Work, stated: Stated, live: Iterable[TitleLink]) -> TitleLink | None:
    """The link it undoes; one of another work is refused."""
    if not stated.undoes:
        return None
    found = next((link for link in live if str(link.pk) == stated.undoes), None)
    if found is None:
        raise InvalidError(
            "unknown_link",
            f"The link that it would undo is not on record for “{work}”, or was ended.",
            "Choose one of this work's own links.",
        )
    return found


def as_rule_of_new(link: TitleLink) -> links.Link:
    """A link that is not on record yet: without an id."""
    return replace(as_rule(link), id="")


def _require_grantors_own(voice: Voice, link: TitleLink, live: Iterable[TitleLink]) -> None:
    """That a well-known holder gave rights away is for that holder, or an operator, to say.

    Otherwise one of two holders could write the other out of the chain.
    """
    theirs = [one for one in live if one.party_id == link.grantor_id and _level(one) >= BETTER]
    if theirs and not voice.is_operator and link.grantor_id not in voice.parties:
        raise PermissionDenied(
            f"That {link.grantor} gave its rights away is for {link.grantor} or an operator to put "
            "on record. Send them the contract, or open a dispute."
        )


def _level(link: TitleLink) -> int:
    return max(link.level, link.evidence.title_level if link.evidence else 0)


def _save(link: TitleLink) -> None:
    try:
        with transaction.atomic():
            link.save()
    except IntegrityError as error:
        raise RefusedError(
            "already_a_holder",
            f"{link.party} is on record as a holder of “{link.work}” from the beginning.",
            "End that link first if it is wrong.",
        ) from error


def _event(link: TitleLink, voice: Voice) -> events.TitleLinked:
    return events.TitleLinked(
        link=str(link.pk),
        link_kind=link.kind,
        grantor=str(link.grantor_id or ""),
        party=str(link.party_id),
        conveys=tuple(link.conveys),
        reserves=tuple(link.reserves),
        territories=tuple(link.territories),
        undoes=str(link.undoes_id or ""),
        evidence=str(link.evidence_id or ""),
        known=voice.known,
    )


def link_in(work: Work, link_id: str) -> TitleLink:
    """A live link of this work; InvalidError where there is none of this id."""
    live = work.title_links.filter(ended_at=None)
    found = live.filter(pk=link_id).first() if uuid_of(link_id) else None
    if found is None:
        raise InvalidError("unknown_link", "This work has no such link.", "Load the chain again.")
    return found


def end_link(*, actor: Actor, link: TitleLink, reason: str) -> None:
    """Take a wrong link out of the record; it stays as history.

    For the party it names, for whoever stated it while nobody has checked it, and for operators:
    nobody ends somebody else's title.
    """
    with transaction.atomic():
        work = locked(link.work)
        voice = require_voice(actor, work)
        its_own = str(link.declared_by_id) == actor.id and _level(link) == Level.SELF_DECLARED
        if not (voice.is_operator or its_own or link.party_id in voice.parties):
            raise PermissionDenied(
                f"Only {link.party}, whoever stated it, or an operator ends this link. "
                "If you say it is wrong, open a dispute."
            )
        close_link(actor, link, reason)
        mark_stale(kind="work", refs=[str(work.pk)], merely_claimed=not voice.known)


def close_link(actor: Actor, link: TitleLink, reason: str) -> None:
    """End it inside the caller's transaction, once the caller has checked who may."""
    if not reason.strip():
        raise InvalidError("reason_missing", "Say why this link is wrong.", "Write a sentence.")
    if TitleLink.objects.filter(undoes=link.pk, ended_at=None).exists():
        raise RefusedError(
            "undone_later", "A later link undoes this one.", "End that later link first."
        )
    live = TitleLink.objects.filter(pk=link.pk, ended_at=None)
    if not live.update(ended_at=timezone.now()):
        raise RefusedError("already_ended", "This link was ended before.", "Load the chain again.")
    event = events.TitleLinkEnded(link=str(link.pk))
    append(actor=actor.id, subject=f"work:{link.work_id}", event=event, statement=reason.strip())
