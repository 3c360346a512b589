"""Commands on imported models: bring in, record provenance, accept the record, quarantine again.

Nothing here makes a revision: what is released, and called audited, was trained by a run of this
registry. An import whose provenance was accepted can be registered as a base for such a run.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from registry.audit.weights import tensors_sha256, withdrawn_with
from registry.events import ImportAccepted, ImportQuarantined, ModelImported, ProvenanceRecorded
from registry.imports.selectors import commands_for, subject_of
from registry.models import ImportedModel
from registry.release.headers import ReleaseRefusedError
from registry.release.pointing import require_free_name
from registry.release.rules import (
    UNET,
    copy_plain,
    list_files,
    require_data_only,
)
from training.bases.anatomy import require_whole
from training.bases.rules import BaseRefusedError, folder_digest
from training.bases.services import require_statement
from training.bases.statements import Statement

if TYPE_CHECKING:
    from accounts.actors import Actor
    from accounts.models import User

State = ImportedModel.State


def folder_of(imported: ImportedModel) -> Path:
    """Where its files lie."""
    return Path(settings.DATA_DIR) / "imports" / str(imported.pk)


def import_model(
    *, actor: Actor, folder: Path, owner: User, name: str, origin: str
) -> ImportedModel:
    """Copy a diffusers folder in, quarantined. By an operator: files come from this machine.

    1. name and origin; 2. copied first, then looked at, so that what is kept is what was checked:
    plain data without pickles, a whole Stable Diffusion, no weights of a withdrawn revision;
    3. the row, then the folder's name: a folder without a row is removed, a row always has one.
    """
    actor.require("operator")
    require_free_name(owner, name)  # 1
    if not origin.strip():
        raise InvalidError("origin_missing", "Say where the files were got from.")
    place = Path(settings.DATA_DIR) / "imports"
    place.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=".staged-", dir=place))
    try:
        imported = ImportedModel(owner=owner, name=name, origin=origin.strip()[:500])
        _copy_and_check(folder, staged, imported)  # 2
        with transaction.atomic():  # 3
            imported.save(force_insert=True)
            event = ModelImported(sha256=imported.sha256, files=len(imported.files))
            append(actor=actor.id, subject=subject_of(imported), event=event, statement=origin)
            staged.rename(folder_of(imported))
    except IntegrityError:
        raise RefusedError(
            "name_taken", "You have an import of that name.", "Take another."
        ) from None
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return imported


def _copy_and_check(folder: Path, staged: Path, imported: ImportedModel) -> None:
    try:
        copy_plain(folder, staged)
        require_data_only(staged)
        require_whole(staged)
        imported.files, imported.sha256 = list_files(staged), folder_digest(staged)
        unet = staged / UNET
        withdrawn = withdrawn_with(tensors_sha256(unet)) if unet.is_file() else None
    except (ReleaseRefusedError, BaseRefusedError, OSError) as error:
        raise InvalidError("import_refused", str(error), "Nothing was imported.") from error
    if withdrawn:
        raise RefusedError(
            "withdrawn_weights",
            f"These are the weights of the withdrawn revision {withdrawn}.",
            "They are not taken back under another name.",
        )


def _require(actor: Actor, imported: ImportedModel, command: str) -> ImportedModel:
    """The row, locked, if `actor` may give the command now."""
    locked = ImportedModel.objects.select_for_update(of=("self",)).get(pk=imported.pk)
    if command not in commands_for(actor, locked):
        raise PermissionDenied(
            "You may not do this, or not now: provenance is recorded by the owner, accepted by a "
            "reviewer who neither owns nor recorded it, and looked at again by those who review."
        )
    return locked


def record_provenance(
    *, actor: Actor, imported: ImportedModel, provenance: str, licence: str, cleared: str
) -> ImportedModel:
    """State who trained it, on what and by whose leave; it stays quarantined until accepted."""
    require_statement(imported.name, Statement(licence, cleared, provenance))
    said = {"provenance": provenance.strip(), "licence": licence, "cleared": cleared}
    event = ProvenanceRecorded(licence=licence, cleared=cleared)
    with transaction.atomic():
        _change(_require(actor, imported, "provenance"), recorded_by_id=actor.id, **said)
        append(actor=actor.id, subject=subject_of(imported), event=event, statement=provenance)
    imported.refresh_from_db()
    return imported


def accept(*, actor: Actor, imported: ImportedModel, reason: str) -> ImportedModel:
    """End the quarantine: a second person finds the record sufficient. It stays unverified."""
    return _decide(actor, imported, "accept", State.UNVERIFIED, reason)


def quarantine(*, actor: Actor, imported: ImportedModel, reason: str) -> ImportedModel:
    """Hide it again while its record is looked into."""
    return _decide(actor, imported, "quarantine", State.QUARANTINED, reason)


def _decide(
    actor: Actor, imported: ImportedModel, command: str, state: str, reason: str
) -> ImportedModel:
    if not reason.strip():
        raise InvalidError("reason_missing", "A reason is missing.", "Say why: it is recorded.")
    event = ImportAccepted() if command == "accept" else ImportQuarantined()
    with transaction.atomic():
        _change(_require(actor, imported, command), state=state)
        append(actor=actor.id, subject=subject_of(imported), event=event, statement=reason.strip())
    imported.refresh_from_db()
    return imported


def _change(imported: ImportedModel, **values: object) -> None:
    ImportedModel.objects.filter(pk=imported.pk).update(**values)
