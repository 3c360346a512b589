"""Declare what the pictures of a set show. A declaration is a claim: it raises no level, ever.

Levels come from checked evidence alone, so three things that look like short cuts are not taken:
a picture is linked to a protected work only if it looks like it; a chain that changes in any part
becomes a new work; and evidence that has been checked cannot be cited for anything further.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.attribution.citing import cited
from provenance.attribution.licences import licence_named
from provenance.attribution.parties import party_named
from provenance.attribution.persons import keep_persons
from provenance.attribution.rules import Statement, shows_same
from provenance.attribution.selectors import has_history, look_of, look_of_protection, statement_of
from provenance.events import PictureDeclared, WorkDeclared
from provenance.intake.custody import collected
from provenance.intake.services import owned_and_open
from provenance.models import (
    Evidence,
    Licence,
    LicenceClaim,
    Party,
    SetImage,
    TitleLink,
    Work,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from accounts.actors import Actor
    from provenance.models import ImageSet

FIELDS: Final = tuple(field.name for field in fields(Statement))
LONGEST: Final = {
    "title": 300,
    "licence": 60,
    "credit_line": 300,
    "source_url": 500,
    "collector": 200,
    "reference": 200,
}


def declare(
    *, actor: Actor, image_set: ImageSet, changes: Mapping[UUID, Mapping[str, Any]]
) -> list[SetImage]:
    """Change what is stated of these pictures (by id); fields that are not given stay.

    All or nothing. Raises InvalidError for what cannot be stated, RefusedError where it may not.
    """
    with transaction.atomic():
        owned_and_open(actor, image_set)
        found = image_set.items.select_related("image", "work").in_bulk(list(changes))
        if len(found) != len(changes):
            raise InvalidError("unknown_picture", "A picture you named is not in this set.")
        return [_declare(actor, found[item], changes[item]) for item in changes]


def _declare(actor: Actor, item: SetImage, changes: Mapping[str, Any]) -> SetImage:
    before = statement_of(item)
    stated = replace(before, **changes)
    stated = replace(stated, title=stated.title.strip() or item.filename.rpartition(".")[0])
    _require_valid(stated)
    keep_persons(actor, item, changes)
    says_something = any((stated.creators, stated.holders, stated.licence, stated.evidence))
    if says_something or stated.reference or item.work is not None or changes.get("title"):
        item.work = _work(actor, item, before, stated)
    item.source_url, item.collector = stated.source_url, stated.collector
    item.warranted = stated.warranted
    item.save(update_fields=["work", "source_url", "collector", "warranted", "persons"])
    if (stated.collector, stated.source_url) != (before.collector, before.source_url):
        collected(item)
    event = PictureDeclared(
        item=str(item.pk),
        work=str(item.work_id or ""),
        persons=item.persons,
        warranted=item.warranted,
    )
    append(actor=actor.id, subject=f"set:{item.image_set_id}", event=event)
    return item


def _require_valid(stated: Statement) -> None:
    for name, longest in LONGEST.items():
        if len(getattr(stated, name)) > longest:
            raise InvalidError("too_long", f"{name} has more than {longest} characters.")
    if stated.source_url:
        try:
            URLValidator(["http", "https"])(stated.source_url)
        except ValidationError as error:
            raise InvalidError(
                "bad_source",
                f"{stated.source_url[:80]!r} is not an address.",
                "Write the whole address of the page, beginning with https://",
            ) from error
    if stated.made_by not in Work.Source.values:
        raise InvalidError("bad_made_by", f"made_by is one of {', '.join(Work.Source.values)}.")
    if stated.licence and not stated.holders:
        raise InvalidError(
            "licensor_missing",
            "A licence is offered by somebody, and no holder is stated.",
            "State who holds the rights and offers the licence.",
        )


def _work(actor: Actor, item: SetImage, before: Statement, stated: Statement) -> Work:
    registered = _registered(item, stated)
    if registered is not None:
        if stated.licence and stated.licence != before.licence:
            raise RefusedError(
                "registered_work",
                f"“{registered}” is registered here; its licence is for its holder to state.",
                "Leave the licence out, and ask the holder for permission.",
            )
        return registered
    if item.work is not None and stated.about_work == before.about_work:
        return item.work
    mine = item.work is not None and str(item.work.registered_by_id) == actor.id
    if item.work is not None and mine and stated.chain == before.chain:
        return _reworded(item.work, stated)
    if item.work is not None and has_history(item.work):
        raise RefusedError(
            "chain_on_record",
            f"More is on record about “{item.work}” than a declaration can say: its chain of "
            "title, layers, status or a dispute.",
            "Change it on the work's own page. If the picture shows another work, take it out and "
            "add it again.",
        )
    return _new_work(actor, stated)


def _registered(item: SetImage, stated: Statement) -> Work | None:
    """The protected work of this reference and holder, if the picture looks like it."""
    if not stated.reference or not stated.holders:
        return None
    candidates = Work.objects.filter(
        protections__reference=stated.reference,
        protections__holder__name__in=stated.holders,
        protections__ended_at=None,
    ).distinct()
    look = look_of(item.image)
    for work in candidates.order_by("registered_at", "pk").prefetch_related(
        "protections__image", "protections__entry"
    ):
        best = max(p.level for p in work.protections.all())
        known = [p for p in work.protections.all() if p.level == best]
        if any(shows_same(look, look_of_protection(one)) for one in known):
            return work
    return None


def _reworded(work: Work, stated: Statement) -> Work:
    """The same chain with another title, origin or credit line."""
    work.title, work.source = stated.title, stated.made_by
    work.save(update_fields=["title", "source"])
    work.licence_claims.update(credit_line=stated.credit_line, source_url=stated.source_url)
    return work


def _new_work(actor: Actor, stated: Statement) -> Work:
    evidence = cited(actor, stated.evidence)
    licence = _licence(stated.licence)
    work = Work.objects.create(
        title=stated.title,
        reference=stated.reference,
        source=stated.made_by,
        registered_by_id=actor.id,
    )
    creators = [_party(actor, name, Party.Kind.PERSON) for name in stated.creators]
    holders = [_party(actor, name, _kind(name, stated)) for name in stated.holders]
    work.creators.set(creators)
    for holder in holders:
        _hold(actor, work, holder, creators, evidence)
        if licence is not None:
            LicenceClaim.objects.create(
                work=work,
                licence=licence,
                licensor=holder,
                credit_line=stated.credit_line,
                source_url=stated.source_url,
                evidence=evidence,
                declared_by_id=actor.id,
            )
    event = WorkDeclared(
        creators=tuple(str(party.pk) for party in creators),
        holders=tuple(str(party.pk) for party in holders),
        licence=stated.licence,
        evidence=stated.evidence,
    )
    append(actor=actor.id, subject=f"work:{work.pk}", event=event, statement=work.title)
    return work


def _party(actor: Actor, name: str, kind: Party.Kind) -> Party:
    return party_named(actor=actor, name=name, kind=kind)


def _kind(name: str, stated: Statement) -> Party.Kind:
    return Party.Kind.PERSON if name in stated.creators else Party.Kind.ORGANISATION


def _hold(
    actor: Actor, work: Work, holder: Party, creators: list[Party], evidence: Evidence | None
) -> None:
    TitleLink.objects.create(
        work=work,
        party=holder,
        kind=TitleLink.Kind.AUTHORED if holder in creators else TitleLink.Kind.STATED,
        evidence=evidence,
        declared_by_id=actor.id,
    )


def _licence(code: str) -> Licence | None:
    return licence_named(code) if code else None
