"""Are these the weights of a model that was withdrawn, under another name?"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from registry.models import Audit, Revision
from registry.release.headers import HEADER_PREFIX
from registry.release.rules import UNET

if TYPE_CHECKING:
    from pathlib import Path


def tensors_sha256(path: Path) -> str:
    """The sha256 of the tensors alone: it stays when somebody rewrites the metadata before them."""
    with path.open("rb") as stream:
        (size,) = HEADER_PREFIX.unpack(stream.read(HEADER_PREFIX.size))
        stream.seek(size, 1)
        return hashlib.file_digest(stream, "sha256").hexdigest()


def withdrawn_with(tensors: str) -> str | None:
    """The commit, or id, of a withdrawn revision with these tensors in its UNet."""
    found = Audit.objects.filter(
        revision__state=Revision.State.WITHDRAWN, report__weights={UNET: tensors}
    ).select_related("revision")
    first = found.first()
    return (first.revision.commit or str(first.revision_id)) if first else None
