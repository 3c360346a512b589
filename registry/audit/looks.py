"""Samples large enough for fingerprints are also screened, as every picture of a set is.

Whatever screening does, for example verifying the geometry of a near match, is done here too. At
the side of a tiny model hashes say nothing: there the distance of pixels decides alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image as Pillow

from provenance.screening.fingerprints import Fingerprint, fingerprint
from provenance.screening.rules import screen
from provenance.screening.search import Index, rows_of
from provenance.screening.services import screen_picture
from registry.audit.rules import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LEAST_SIDE = 128
"""Pixels a side of a sample, from which on its fingerprints mean something."""
MEANS = {"match": Outcome.FAILED, "possible": Outcome.FLAGGED}


@dataclass(frozen=True)
class Look:
    """A sample that looks like a known picture, and how surely: score 0..1, higher is surer."""

    sample: str
    picture: str
    outcome: Outcome
    method: str
    score: float


def look_alikes(
    samples: Iterable[tuple[str, Path]], training: Iterable[tuple[str, Path]]
) -> list[Look]:
    """Every match of (name, path) samples with training pictures and with the bank, worst first.

    Slow: call it outside of transactions. Raises OSError where a picture cannot be read.
    """
    index = Index(row for name, path in training for row in rows_of(name, _fingerprint(path)))
    found = []
    for sample, path in samples:
        ours = _fingerprint(path)
        near = [
            (m.candidate.key, m) for m in screen(ours.quality, tuple(index.query(ours))).matches
        ]
        near += [
            (f"protected:{f.protection.pk}", f.match)
            for f in screen_picture(path.read_bytes()).found
        ]
        found += [
            Look(sample, picture, MEANS[match.outcome], match.method, match.score)
            for picture, match in near
            if match.outcome in MEANS and match.method != "low-information"
        ]
    return sorted(found, key=lambda look: (look.outcome != Outcome.FAILED, -look.score))


def _fingerprint(path: Path) -> Fingerprint:
    with Pillow.open(path, formats=["PNG"]) as picture:
        return fingerprint(picture.convert("RGB"))
