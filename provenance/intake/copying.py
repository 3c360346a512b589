"""Hand copies over and copy sets. Custody and declarations come along; consent does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidError
from ledger.services import append
from provenance.events import CopyHandedOver, SetCopied
from provenance.intake.custody import LONGEST
from provenance.intake.services import create_set, owned_and_open
from provenance.models import CustodyEntry, ImageSet, PersonShown, SetImage

if TYPE_CHECKING:
    from datetime import date

    from accounts.actors import Actor
    from accounts.models import User


def hand_over(
    *,
    actor: Actor,
    item: SetImage,
    who: str,
    on: date | None = None,
    source_url: str = "",
    note: str = "",
) -> CustodyEntry:
    """The set's owner tells from whom this copy came on its way here."""
    said = {"who": " ".join(who.split()), "source_url": source_url.strip(), "note": note.strip()}
    _require_valid(said, on)
    with transaction.atomic():
        owned_and_open(actor, item.image_set)
        entry = CustodyEntry.objects.create(
            item=item, kind=CustodyEntry.Kind.HANDED_OVER, on=on, **said
        )
        event = CopyHandedOver(item=str(item.pk), on=on.isoformat() if on else "")
        append(
            actor=actor.id,
            subject=f"set:{item.image_set_id}",
            event=event,
            statement="\n".join(filter(None, said.values())),
        )
    return entry


def _require_valid(said: dict[str, str], on: date | None) -> None:
    if not said["who"]:
        raise InvalidError("who_missing", "Say who handed this copy over.", "Write their name.")
    for name, text in said.items():
        if len(text) > LONGEST[name]:
            raise InvalidError("too_long", f"{name} has more than {LONGEST[name]} characters.")
    if on is not None and on > timezone.now().date():
        raise InvalidError("bad_date", f"{on} has not come yet.", "Correct the date.")
    if said["source_url"]:
        try:
            URLValidator(["http", "https"])(said["source_url"])
        except ValidationError as error:
            raise InvalidError(
                "bad_source",
                f"{said['source_url'][:80]!r} is not an address.",
                "Write the whole address, beginning with https://",
            ) from error


def copy_set(*, actor: Actor, copier: User, image_set: ImageSet, name: str = "") -> ImageSet:
    """A new set of the copier's own with the same pictures. The caller checks who may see the old.

    What was declared of works and persons comes along, and how each copy came here. Warranties and
    resolutions do not: they are one person's word for one set. Nor do answers to requests.
    """
    with transaction.atomic():
        made = create_set(actor=actor, name=name.strip() or f"Copy of {image_set.name}"[:120])
        items = list(
            image_set.items.order_by("position").prefetch_related("custody", "persons_shown")
        )
        copies = [(item, _copy(made, item, copier)) for item in items]
        SetImage.objects.bulk_create(copy for _, copy in copies)
        PersonShown.objects.bulk_create(p for old, new in copies for p in _persons(old, new))
        how = _Copied(copier.username, f"from “{image_set.name}”, a set of {image_set.owner}")
        CustodyEntry.objects.bulk_create(e for old, new in copies for e in _custody(old, new, how))
        event = SetCopied(source=str(image_set.pk), pictures=len(items))
        append(actor=actor.id, subject=f"set:{made.pk}", event=event)
    return made


@dataclass(frozen=True)
class _Copied:
    by: str
    note: str


def _copy(made: ImageSet, item: SetImage, copier: User) -> SetImage:
    return SetImage(
        image_set=made,
        image_id=item.image_id,
        position=item.position,
        filename=item.filename,
        work_id=item.work_id,
        collector=item.collector,
        source_url=item.source_url,
        collected_on=item.collected_on,
        persons=item.persons,
        fetched=item.fetched,
        added_by=copier,
    )


def _persons(old: SetImage, new: SetImage) -> list[PersonShown]:
    shown = old.persons_shown.all()
    return [PersonShown(item=new, party_id=one.party_id, minor=one.minor) for one in shown]


def _custody(old: SetImage, new: SetImage, how: _Copied) -> list[CustodyEntry]:
    """All hands of the old copy, then this one's."""
    told = ("kind", "who", "source_url", "on", "note")
    before = sorted(old.custody.all(), key=lambda entry: (entry.recorded_at, entry.pk))
    entries = [
        CustodyEntry(item=new, **{name: getattr(one, name) for name in told}) for one in before
    ]
    last = CustodyEntry(
        item=new,
        kind=CustodyEntry.Kind.COPIED,
        who=how.by,
        on=timezone.now().date(),
        note=how.note[: LONGEST["note"]],
    )
    return [*entries, last]
