"""Class pictures: what the base made is compared with protected works before it is trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from accounts.actors import SYSTEM
from ledger import signing
from ledger.services import append
from provenance.screening.services import screen_picture
from training.datasets.rules import ClassManifest, Manifest, digest
from training.dispatch.watching import EndedError
from training.events import ClassPicturesScreened
from training.models import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

UNUSABLE = frozenset({"match", "unreadable"})


def list_class_pictures(
    run: Run, folder: Path, names: Iterable[str], going_on: Callable[[], None]
) -> ClassManifest:
    """Write and sign the second manifest: each picture of `names` that shows no protected work.

    `going_on` is called between two pictures and may raise. Raises EndedError when none is left,
    or when a file is not what its name says.
    """
    kept: list[str] = []
    dropped: list[dict[str, Any]] = []
    for name in names:
        going_on()
        data = (folder / "class_pictures" / f"{name}.png").read_bytes()
        if digest(data) != name:
            raise EndedError(Run.State.FAILED, "A class picture changed after it was made.")
        result = screen_picture(data)
        if result.outcome in UNUSABLE:
            dropped.append({"sha256": name, "why": result.outcome, "sentence": result.sentence})
        else:
            kept.append(name)
    if not kept:
        raise EndedError(
            Run.State.FAILED,
            f"All {len(dropped)} class pictures that the base made look like protected works. "
            "Choose another class prompt or another base.",
        )
    manifest = Manifest.from_bytes(run.manifest.body.encode())
    listed = ClassManifest(run.manifest_id, manifest.class_prompt, tuple(kept))
    write_signed(folder, "class_manifest", listed.to_bytes())
    with transaction.atomic():
        Run.objects.filter(pk=run.pk).update(screening={"kept": len(kept), "dropped": dropped})
        event = ClassPicturesScreened(
            manifest=digest(listed.to_bytes()), kept=len(kept), dropped=len(dropped)
        )
        append(actor=SYSTEM.id, subject=f"run:{run.pk}", event=event)
    return listed


def write_signed(folder: Path, stem: str, data: bytes) -> None:
    """Write a list for the trainer, with the signature by which it is obeyed."""
    key = signing.load_or_create_key(settings.KEYS_DIR / "approval.key")
    signing.trust_key(settings.TRUSTED_KEYS, signing.public_hex(key))
    (folder / f"{stem}.json").write_bytes(data)
    (folder / f"{stem}.sig.json").write_text(signing.sign(data, key).to_json())
