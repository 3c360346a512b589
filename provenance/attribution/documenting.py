"""Show by a document what stands in the chain of title by somebody's word alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.attribution.citing import cited
from provenance.attribution.events import TitleDocumented
from provenance.attribution.evidence import submit_evidence
from provenance.attribution.parties import user_id
from provenance.clearance.services import mark_stale
from provenance.models import Level, Party, TitleLink

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.actors import Actor


def document_links(*, actor: Actor, links: Iterable[TitleLink], evidence: str) -> int:
    """Cite the actor's own evidence of this id for each of these links, all or none; how many.

    For whoever speaks for the link's party or stated the link. A link that was checked keeps the
    document by which it was. Nothing is better known for it until a reviewer has looked.
    """
    wanted, uid = [link.pk for link in links], user_id(actor)
    with transaction.atomic():
        found = cited(actor, evidence)
        if found is None or uid is None or not wanted:
            raise InvalidError("nothing_to_show", "Choose a document, and what it is to show.")
        theirs = set(Party.spoken_for_by(uid).values_list("pk", flat=True))
        locked = TitleLink.objects.select_for_update(of=("self",)).select_related("work", "party")
        chosen = list(locked.filter(pk__in=wanted).order_by("work_id", "pk"))
        for link in chosen:
            if link.party_id not in theirs and str(link.declared_by_id) != uid:
                raise PermissionDenied(
                    f"Only who speaks for {link.party} shows that “{link.work}” is its own."
                )
            if link.ended_at is not None or link.level > Level.SELF_DECLARED:
                raise RefusedError(
                    "known_better",
                    f"The title of {link.party} to “{link.work}” was checked or ended before.",
                    "Leave this one out.",
                )
            event = TitleDocumented(link=str(link.pk), evidence=str(found.pk))
            append(actor=actor.id, subject=f"work:{link.work_id}", event=event)
        TitleLink.objects.filter(pk__in=wanted).update(evidence=found)
        works = [str(link.work_id) for link in chosen]
        mark_stale(kind="work", refs=works, merely_claimed=True)
    return len(chosen)


def show_title(*, actor: Actor, links: Iterable[TitleLink], data: bytes, title: str) -> int:
    """Store a document and cite it for these links, both or neither; how many links."""
    with transaction.atomic():
        evidence = submit_evidence(actor=actor, data=data, title=title)
        return document_links(actor=actor, links=links, evidence=str(evidence.pk))
