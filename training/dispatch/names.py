"""Prompts with the names of a set's creators: what the audit measures their pull by.

They are drawn after the training and never trained on, shown or released. The list goes with the
run's end, and what the trainer leaves says whose name it was by a random id alone.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from provenance.models import Party
from training.datasets.rules import Manifest, NamePrompts
from training.dispatch.classes import write_signed

if TYPE_CHECKING:
    from pathlib import Path

    from training.models import Request, Run

NOBODY = "Orvel Tannick"
"""Made up: a model that knows no names may draw its pictures at any, and that is no pull."""
MOST_NAMES = 4
"""Creators that are asked about, those with the most pictures first."""


def list_names(run: Run, folder: Path) -> None:
    """Write and sign the list of these prompts; none where no creator is on record."""
    manifest = Manifest.from_bytes(run.manifest.body.encode())
    shown = Counter(creator for image in manifest.images for creator in image.creators)
    names = dict(Party.objects.filter(pk__in=list(shown)).values_list("pk", "name"))
    known = sorted((-shown[str(pk)], str(pk), name) for pk, name in names.items())
    asked = [(pk, name) for _, pk, name in known[:MOST_NAMES]]
    asked += [("", NOBODY)] if asked else []
    prompts = tuple((pk, f"{manifest.class_prompt} by {name}") for pk, name in asked)
    listed = NamePrompts(run.manifest_id, prompts)
    write_signed(folder, "names", listed.to_bytes())


def expected(request: Request) -> int:
    """How many of these prompts a request's run will draw, as far as its works are known now."""
    works = request.image_set.items.filter(work__isnull=False).values("work")
    creators = Party.objects.filter(works_made__in=works).distinct().count()
    return min(creators, MOST_NAMES) + 1 if creators else 0


def forget_names(folder: Path) -> None:
    """Take the list away again: what it says is personal, and only the trainer needed it."""
    for name in ("names.json", "names.sig.json"):
        (folder / name).unlink(missing_ok=True)
