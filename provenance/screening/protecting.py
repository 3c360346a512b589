"""Protect works: from the same commit on, no standing rests on a screening that left them out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.errors import InvalidError
from ledger.services import append
from provenance.attribution.parties import user_id
from provenance.clearance.services import mark_stale
from provenance.events import ProtectionSubstantiated, WorkProtected
from provenance.models import (
    Bank,
    Evidence,
    Image,
    Level,
    MatchBank,
    Protection,
    TitleLink,
    Work,
)
from provenance.screening import corpus
from provenance.screening.banks import enter
from provenance.screening.looks import Look, looks_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.actors import Actor
    from provenance.models import Party


@dataclass(frozen=True)
class Portrayed:
    """A picture of a work, as its holder names it; one that is not here is known by its look."""

    image: Image | None
    title: str
    reference: str
    look: Look | None = None


@dataclass(frozen=True)
class Protected:
    """What a batch came to."""

    added: tuple[Protection, ...] = ()
    raised: tuple[Protection, ...] = ()
    """There before, now with better evidence."""
    unchanged: tuple[Protection, ...] = ()
    reopened: tuple[str, ...] = ()
    """Subjects whose decision must be made anew."""


def protect(
    *,
    actor: Actor,
    holder: Party,
    pictures: Sequence[Portrayed],
    creators: Sequence[Party] = (),
    level: Level = Level.SELF_DECLARED,
    evidence: Evidence | None = None,
) -> Protected:
    """Protect these pictures' works for `holder`, all or none, with one new bank version.

    Idempotent by holder, reference and picture; a higher level substantiates what was there. A
    level above self-declared is an operator's act; others speak for the holder and cite evidence.
    Decisions about pictures that resemble the new ones go stale; others are not touched.
    """
    if level > Level.SELF_DECLARED:
        actor.require("operator")
    for picture in pictures:
        if not picture.reference or len(picture.reference) > 200 or not picture.title:  # noqa: PLR2004 - the column's width
            raise InvalidError(
                "bad_reference", "A protected work has a title, and a reference of 1 to 200 signs."
            )
    looks = _looks(pictures)
    with transaction.atomic():
        version = Bank.locked().version + 1
        batch = _Batch(actor, holder, tuple(creators), level, evidence, version)
        outcomes = [batch.one(*pair) for pair in zip(pictures, looks, strict=True)]
        added = tuple(p for kind, p in outcomes if kind == "added")
        raised = tuple(p for kind, p in outcomes if kind == "raised")
        new = [look for look, (kind, _) in zip(looks, outcomes, strict=True) if kind == "added"]
        claimed = level < Level.DOCUMENT_CHECKED
        reopened = corpus.grown(version, new, merely_claimed=claimed) if added else []
        reopened += _reopen_matched(raised)
    unchanged = tuple(p for kind, p in outcomes if kind == "unchanged")
    return Protected(added, raised, unchanged, tuple(sorted(set(reopened))))


def _looks(pictures: Sequence[Portrayed]) -> list[Look]:
    """What each of them looks like, in their order."""
    known = looks_of(picture.image for picture in pictures if picture.image is not None)
    looks = [picture.look or known.get(picture.image) for picture in pictures]  # type: ignore[arg-type]  # one of the two is there
    if None in looks:
        raise InvalidError(
            "fingerprint_missing",
            "A picture has no fingerprints of the present version.",
            "An operator runs manage.py refingerprint.",
        )
    return [look for look in looks if look is not None]


@dataclass(frozen=True)
class _Batch:
    actor: Actor
    holder: Party
    creators: tuple[Party, ...]
    level: Level
    evidence: Evidence | None
    version: int

    def one(self, picture: Portrayed, look: Look) -> tuple[str, Protection]:
        there = Protection.objects.filter(
            holder=self.holder, reference=picture.reference, image=picture.image
        )
        if picture.image is None:
            there = there.filter(entry__pdq=look.pdq)
        known = there.first()
        if known is not None:
            return self._again(known)
        entry = enter(
            bank=MatchBank.of_kind(MatchBank.Kind.PROTECTED),
            look=look,
            image=picture.image,
            label=picture.reference,
            version=self.version,
            added_by=user_id(self.actor),
        )
        protection = Protection.objects.create(
            work=self._work(picture),
            holder=self.holder,
            image=picture.image,
            entry=entry,
            reference=picture.reference,
            level=self.level,
            registered_by_id=user_id(self.actor),
        )
        event = WorkProtected(
            protection=str(protection.pk),
            holder=str(self.holder.pk),
            sha256=picture.image.sha256 if picture.image else "",
            level=int(self.level),
            bank_version=self.version,
        )
        self._append(protection, event, picture.reference)
        return "added", protection

    def _work(self, picture: Portrayed) -> Work:
        """The holder's protected work of this reference: another rendition of it, or a new one."""
        there = Work.objects.filter(
            protections__holder=self.holder,
            protections__reference=picture.reference,
            protections__level__lte=self.level,  # nobody adds to what is better known than they
        ).first()
        if there is not None:
            return there
        work = Work.objects.create(
            title=picture.title[:300],
            reference=picture.reference,
            source=Work.Source.HUMAN if self.creators else Work.Source.UNKNOWN,
            registered_by_id=user_id(self.actor),
        )
        work.creators.set(self.creators)
        TitleLink.objects.create(
            work=work,
            party=self.holder,
            kind=self._kind(),
            level=self.level,
            evidence=self.evidence,
            declared_by_id=user_id(self.actor),
        )
        return work

    def _kind(self) -> TitleLink.Kind:
        return TitleLink.Kind.AUTHORED if self.holder in self.creators else TitleLink.Kind.STATED

    def _again(self, there: Protection) -> tuple[str, Protection]:
        if there.level >= self.level:
            return "unchanged", there
        there.level = self.level
        there.save(update_fields=["level"])
        TitleLink.objects.filter(
            work=there.work_id, party=self.holder, ended_at=None, level__lt=self.level
        ).update(level=self.level)
        event = ProtectionSubstantiated(protection=str(there.pk), level=int(self.level))
        self._append(there, event, "")
        return "raised", there

    def _append(
        self, protection: Protection, event: WorkProtected | ProtectionSubstantiated, words: str
    ) -> None:
        subject = f"work:{protection.work_id}"
        append(actor=self.actor.id, subject=subject, event=event, statement=words)


def _reopen_matched(raised: Sequence[Protection]) -> list[str]:
    """Decisions about pictures that match: they rest on the matched works."""
    if not raised:
        return []
    return mark_stale(kind="work", refs=[str(protection.work_id) for protection in raised])
