"""The texts that a trained model would bear, beyond those that its request already asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from provenance.naming.selectors import names_in
from training.datasets.services import run_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from provenance.clearance.rules import NameFact
    from registry.models import Revision

DIGEST = re.compile(r"[0-9a-f]{40,}\Z")


def texts_of(folder: Path, headers: Mapping[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """(place, text): each file's name without ending, and all that safetensors metadata say."""
    yield from (("file", path.stem) for path in folder.rglob("*"))
    for header in headers.values():
        for text in (text for pair in (header.get("__metadata__") or {}).items() for text in pair):
            if not DIGEST.match(text):
                yield "metadata", text


def names_of(revision: Revision, headers: Mapping[str, dict[str, Any]]) -> tuple[NameFact, ...]:
    """Names on record in those texts that nobody permitted; no guesses at unknown people's."""
    texts = set(texts_of(run_folder(revision.run) / "output" / "pipeline", headers))
    applicant = str(revision.model.owner_id)
    found = names_in(sorted(texts), applicant=applicant, today=timezone.localdate())
    return tuple(fact for fact in found if fact.party is not None and not fact.consented)
