"""Commands on sets and their pictures: bytes are decoded and stored outside of transactions."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, ProtectedError

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.events import PictureAdded, PictureRemoved, SetCreated, SetDeleted, SetRenamed
from provenance.intake import storage
from provenance.intake.custody import uploaded
from provenance.intake.decoding import Decoded, Limits, PictureRefusedError, decode
from provenance.models import Features, Image, ImageSet, SetImage
from provenance.screening.looks import VERSION

if TYPE_CHECKING:
    from accounts.actors import Actor

LONGEST_NAME = 120
LONGEST_FILENAME = 255


def limits() -> Limits:
    """The site's limits for one picture."""
    return Limits(max_bytes=settings.INTAKE_MAX_BYTES, max_pixels=settings.INTAKE_MAX_PIXELS)


def create_set(*, actor: Actor, name: str) -> ImageSet:
    """A new, empty set of the user's own."""
    name = _set_name(name)
    with transaction.atomic():
        image_set = ImageSet.objects.create(owner_id=actor.id, name=name)
        append(actor=actor.id, subject=f"set:{image_set.pk}", event=SetCreated(), statement=name)
    return image_set


def rename_set(*, actor: Actor, image_set: ImageSet, name: str) -> ImageSet:
    """Another name for a set that is not frozen."""
    name = _set_name(name)
    with transaction.atomic():
        locked = owned_and_open(actor, image_set)
        locked.name = name
        locked.save(update_fields=["name"])
        append(actor=actor.id, subject=f"set:{locked.pk}", event=SetRenamed(), statement=name)
    return locked


def delete_set(*, actor: Actor, image_set: ImageSet) -> None:
    """Take a set away; its pictures' files stay while other sets or protections show them."""
    with transaction.atomic():
        locked = owned_and_open(actor, image_set)
        if locked.asks.exists():
            raise RefusedError(
                "permissions_asked",
                "Permissions were asked for this set, so it is kept on record.",
                "Take its pictures out instead.",
            )
        event = SetDeleted(pictures=locked.items.count())
        append(actor=actor.id, subject=f"set:{locked.pk}", event=event)
        try:
            locked.delete()
        except ProtectedError as error:  # a request to train, which a layer above keeps
            raise RefusedError(
                "set_in_use",
                "A request to train was made with this set, so it is kept on record.",
                "Close the request, and take the pictures out instead.",
            ) from error


def take_in(data: bytes) -> Image:
    """The record of a picture's bytes, decoded and stored on first sight.

    Raises InvalidError with the decoder's sentence. Call it outside of transactions.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    known = Image.objects.filter(sha256=sha256, features__version=VERSION).first()
    if known is not None and known.embedded and _is_stored(known):
        return known
    try:
        decoded = decode(data, limits())
    except PictureRefusedError as error:
        raise InvalidError(error.code, error.sentence) from error
    return keep(data, decoded)


def keep(data: bytes, decoded: Decoded) -> Image:
    """Store what was decoded from `data`: the files first, then the record that promises them."""
    storage.save("original", decoded.sha256, data)
    storage.save("normalised", decoded.normalised_sha256, decoded.png)
    storage.save("thumbnail", decoded.normalised_sha256, decoded.thumbnail)
    codes = decoded.fingerprint
    image, _ = Image.objects.update_or_create(
        sha256=decoded.sha256,
        defaults={
            "normalised_sha256": decoded.normalised_sha256,
            "format": decoded.format,
            "width": decoded.width,
            "height": decoded.height,
            "size": len(data),
            "fingerprint_version": codes.version,
            "pdq": codes.pdq,
            "phash": codes.phash,
            "quality": codes.quality,
            "pdq_dihedral": list(codes.pdq_dihedral),
            "embedded": decoded.embedded.to_json(),
        },
    )
    Features.objects.get_or_create(
        image=image,
        version=VERSION,
        defaults={
            "codes": list(codes.pdq_dihedral), "quality": codes.quality, "data": decoded.features
        },
    )  # fmt: skip
    return image


def add_picture(
    *,
    actor: Actor,
    image_set: ImageSet,
    data: bytes,
    filename: str,
    source_url: str = "",
    collector: str = "",
) -> SetImage:
    """Put a picture into a set. The same bytes twice answer with the item that is there."""
    with transaction.atomic():
        owned_and_open(actor, image_set)  # before the slow part, and once more after it
    image = take_in(data)
    with transaction.atomic():
        return place(
            actor=actor,
            image_set=owned_and_open(actor, image_set),
            image=image,
            filename=filename,
            source_url=source_url,
            collector=collector,
        )


def place(
    *,
    actor: Actor,
    image_set: ImageSet,
    image: Image,
    filename: str,
    source_url: str = "",
    collector: str = "",
) -> SetImage:
    """Put a picture that was taken in into a locked set, inside the caller's transaction."""
    there = image_set.items.filter(image=image).first()
    if there is not None:
        return there
    last = image_set.items.aggregate(last=Max("position"))["last"]
    item = SetImage.objects.create(
        image_set=image_set,
        image=image,
        position=0 if last is None else last + 1,
        filename=clean_filename(filename),
        source_url=source_url,
        collector=collector,
        added_by_id=actor.id,
    )
    uploaded(item, image_set.owner.username)
    event = PictureAdded(item=str(item.pk), sha256=image.sha256)
    append(actor=actor.id, subject=f"set:{image_set.pk}", event=event, statement=item.filename)
    return item


def remove_picture(*, actor: Actor, item: SetImage) -> None:
    """Take a picture out of a set that is not frozen."""
    with transaction.atomic():
        owned_and_open(actor, item.image_set)
        event = PictureRemoved(item=str(item.pk), sha256=item.image.sha256)
        append(actor=actor.id, subject=f"set:{item.image_set_id}", event=event)
        SetImage.objects.filter(pk=item.pk).delete()


def owned_and_open(actor: Actor, image_set: ImageSet) -> ImageSet:
    """The locked set, if `actor` owns it and it is not frozen. Inside a transaction."""
    locked = ImageSet.objects.select_for_update().get(pk=image_set.pk)
    if str(locked.owner_id) != actor.id:
        raise PermissionDenied("Only the owner of a set changes it.")
    if locked.frozen_at is not None:
        raise RefusedError(
            "set_frozen",
            "This set was submitted, so it can no longer be changed.",
            "Make a new set, or ask the reviewer to return the request.",
        )
    return locked


def clean_filename(filename: str) -> str:
    """The last part of a name as somebody sent it, printable; shown to people, never opened."""
    last = filename.replace("\\", "/").rpartition("/")[2]
    printable = "".join(c for c in last if c.isprintable()).strip()
    return printable[-LONGEST_FILENAME:] or "unnamed"


def _set_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise InvalidError(
            "bad_name",
            f"A set's name has between 1 and {LONGEST_NAME} characters.",
            "Choose a short name for what the pictures are.",
        )
    return name


def _is_stored(image: Image) -> bool:
    return storage.exists("original", image.sha256) and all(
        storage.exists(kind, image.normalised_sha256) for kind in ("normalised", "thumbnail")
    )
