"""Samples large enough for fingerprints are also screened, as every picture of a set is.

Whatever screening does, for example verifying the geometry of a near match, is done here too. At
the side of a tiny model hashes say nothing: there the distance of pixels decides alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image as Pillow

from provenance.intake.services import take_in
from provenance.models import Image
from provenance.screening.bank import compared
from provenance.screening.corpus import exhibit
from provenance.screening.fingerprints import Fingerprint, fingerprint
from provenance.screening.local import Features, LocalIndex, extract
from provenance.screening.looks import Look as Seen
from provenance.screening.looks import looks_of
from provenance.screening.rules import Match, judge
from provenance.screening.services import screen_picture
from registry.audit.rules import Outcome
from training.datasets.services import run_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from registry.models import Revision

LEAST_SIDE = 128
"""Pixels a side of a sample, from which on its fingerprints mean something."""
MEANS = {"match": Outcome.FAILED, "possible": Outcome.FLAGGED}
BATCH = 100
"""Training pictures whose kept features are read at once."""


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

    A training picture's file is called by its sha256, by which its features were kept.

    Slow: call it outside of transactions. Raises OSError where a picture cannot be read.
    """
    known = _Known(training)
    found = []
    for sample, path in samples:
        near = [
            *known.like(path),
            *(
                (f"protected:{f.entry.protection.pk}", f.match)
                for f in screen_picture(path.read_bytes()).found
                if f.work
            ),
        ]
        found += [
            Look(sample, picture, MEANS[match.outcome], match.method, match.score)
            for picture, match in near
            if match.outcome in MEANS and match.method != "low-information"
        ]
    return sorted(found, key=lambda look: (look.outcome != Outcome.FAILED, -look.score))


def exhibit_samples(revision: Revision) -> None:
    """Have the samples that the model is shown with searched for works that are listed later.

    Slow; call it outside of transactions. Raises OSError where a sample is missing.
    """
    folder = run_folder(revision.run) / "output"
    names = revision.run.samples.values_list("file", flat=True)
    exhibit(f"revision:{revision.pk}", {name: take_in((folder / name).read_bytes())
                                        for name in names if _is_large(folder / name)})  # fmt: skip


def _is_large(path: Path) -> bool:
    with Pillow.open(path, formats=["PNG"]) as picture:
        return min(picture.size) >= LEAST_SIDE


class _Known:
    """The training pictures, as samples are compared with them. Features are loaded when needed."""

    def __init__(self, pictures: Iterable[tuple[str, Path]]) -> None:
        self._pictures = list(pictures)
        self._codes = []
        self._index = LocalIndex(
            lambda keys: {
                key: Features.from_bytes(seen.features) for key, seen in self._seen(keys).items()
            }
        )
        for start in range(0, len(self._pictures), BATCH):
            keys = range(start, min(start + BATCH, len(self._pictures)))
            for key, seen in self._seen(keys).items():
                self._codes.append((seen.pdq, seen.quality))
                self._index.add([(key, Features.from_bytes(seen.features).kept())])

    def _seen(self, keys: Sequence[int]) -> dict[int, Seen]:
        """As they were kept when they were taken in; looked at anew where they were not."""
        paths = {key: self._pictures[key][1] for key in keys}
        images = Image.objects.filter(normalised_sha256__in={path.stem for path in paths.values()})
        kept = {one.normalised_sha256: one for one in looks_of(images).values() if one.features}
        return {key: kept.get(path.stem) or _anew(path) for key, path in paths.items()}

    def like(self, path: Path) -> Iterator[tuple[str, Match]]:
        """Every known picture by name, and what its resemblance to that at `path` amounts to."""
        ours, features = _look(path)
        shown = {one.key: one for one in self._index.search(features)}
        for key, ((name, _), (pdq, quality)) in enumerate(
            zip(self._pictures, self._codes, strict=True)
        ):
            seen = compared(key, pdq, quality, ours.pdq_dihedral, shown.get(key))
            yield name, judge(seen, ours.quality)


def _anew(path: Path) -> Seen:
    codes, features = _look(path)
    return Seen(codes.pdq_dihedral, codes.quality, features.to_bytes())


def _look(path: Path) -> tuple[Fingerprint, Features]:
    with Pillow.open(path, formats=["PNG"]) as picture:
        plain = picture.convert("RGB")
        return fingerprint(plain), extract(plain)
