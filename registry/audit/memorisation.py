"""Bring samples, training pictures and protected works to one size, and let the rules decide."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from provenance.intake import storage
from provenance.models import Protection
from registry.audit import rules
from registry.audit.leakage import drawn
from registry.audit.looks import LEAST_SIDE, look_alikes
from registry.audit.reduced import kept_picture, picture_of, side_of
from training.datasets.rules import Manifest
from training.datasets.services import run_folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from registry.models import Revision

MEASURE = (
    "root mean square difference of the worst of 16 tiles, relative to the typical distance of the "
    "50 nearest pictures"
)
PAIRS_KEPT = 50
REDUCED_SIDE = 64
"""Pixels a side that are compared where fingerprints and geometry look at the whole picture too: a
million known pictures are then 12 GB. A smaller model's pictures are compared as they are."""


def compare(revision: Revision) -> tuple[rules.AuditOutcome, dict[str, Any]]:
    """Compare all that the model drew with every known picture; the verdict and the figures.

    Pictures are named "training:<sha256>" and "protected:<id>". Raises AuditRefusedError without
    samples, and OSError when a picture is missing.
    """
    folder = run_folder(revision.run)
    shown = list(revision.run.samples.values_list("file", flat=True))
    if not shown:
        raise rules.AuditRefusedError("the run made no samples")
    names = dict.fromkeys([*shown, *(one.file for one in drawn(revision))])
    files = [(name, folder / "output" / name) for name in names]
    own = side_of(files[0][1])
    side = own if own < LEAST_SIDE else REDUCED_SIDE
    training = list(_training(revision, folder))
    known = [(f"training:{sha256}", path, sha256) for sha256, path in training]
    known += list(_protected({sha256 for sha256, _ in training}))
    samples = [picture_of(name, path, side) for name, path in files]
    found = rules.audit(samples, (kept_picture(*one, side) for one in known))
    looks = []
    if own >= LEAST_SIDE:
        looks = look_alikes(files, [(name, path) for name, path, _ in known[: len(training)]])
        found = rules.with_looks(found, [(look.outcome, look.sample) for look in looks])
    figures = {
        "measure": MEASURE,
        "side": side,
        "samples": len(files),
        "training_compared": len(training),
        "protected_compared": len(known) - len(training),
        "known_by_code_alone": 0 if own >= LEAST_SIDE else _without_picture(),
        "thresholds": asdict(rules.DEFAULT_THRESHOLDS),
        "pairs": [_pair(pair) for pair in found.pairs[:PAIRS_KEPT]],
        "look_alikes": [asdict(look) for look in looks[:PAIRS_KEPT]],
    }
    return found, figures


def _training(revision: Revision, folder: Path) -> Iterable[tuple[str, Path]]:
    manifest = Manifest.from_bytes(revision.run.manifest.body.encode())
    for sha256 in sorted({image.normalised_sha256 for image in manifest.images}):
        yield sha256, folder / "images" / f"{sha256}.png"


def _protected(known: set[str]) -> Iterable[tuple[str, Path, str]]:
    """Live protected pictures that are here as pictures; one known by its hash alone has none."""
    live = Protection.objects.filter(ended_at=None).exclude(image=None).order_by("pk")
    seen = set(known)
    for key, sha256 in live.values_list("pk", "image__normalised_sha256"):
        if sha256 not in seen and storage.exists("normalised", sha256):
            seen.add(sha256)
            yield f"protected:{key}", storage.path_of("normalised", sha256), sha256


def _without_picture() -> int:
    """Live protections by a code alone, which says nothing about samples as small as these."""
    return Protection.objects.filter(ended_at=None, image=None).count()


def _pair(pair: rules.Pair) -> dict[str, Any]:
    return {
        "sample": pair.sample,
        "picture": pair.picture,
        "distance": round(pair.distance, 4),
        "score": round(pair.score, 4),
    }
