"""Does the style appear without the token, and does a name pull towards its person's works?

Measured from pictures that the run kept: what the base drew for the class prompt before training,
and what the model drew afterwards. Where a kind of them is missing, the report says so.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from provenance.intake import storage
from provenance.models import Protection
from registry.audit import style
from registry.audit.reduced import picture_of, side_of
from training.datasets.rules import Manifest
from training.datasets.services import run_folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from registry.audit.style import Features
    from registry.models import Revision

MEASURE = (
    "mean position of one group of pictures minus that of another, on the way from what the base "
    "drew before training (0) to the pictures compared with (1), in shares of colours and "
    "strengths of edges; with the 95 % interval of 2,000 resamplings. Colour and texture only, few "
    "pictures: an interval that holds 0 shows no effect, and does not show that there is none"
)
FILE = re.compile(r"(?:samples|audit)/[\w-]+\.png", re.ASCII)
MOST = 200
"""Pictures of one group that are looked at."""


@dataclass(frozen=True)
class Drawn:
    """A picture that the trained model drew. `kind`: training, token, neutral, or name."""

    file: str
    prompt: str
    kind: str
    party: str = ""
    """Whose name stands in the prompt, which is not told, for the kind `name`; "": nobody's."""


def drawn(revision: Revision) -> list[Drawn]:
    """What the trainer lists in `output/audit/audit.json`; nothing where there is no such list."""
    try:
        path = run_folder(revision.run) / "output" / "audit" / "audit.json"
        listed = json.loads(path.read_bytes())
        return [
            Drawn(one["file"], one["prompt"], one["set"], one.get("party", ""))
            for one in listed
            if FILE.fullmatch(one["file"])
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def leakage(revision: Revision) -> dict[str, Any]:
    """The figures of a report. Raises OSError where a listed picture cannot be read."""
    folder = run_folder(revision.run)
    made, before = drawn(revision), sorted((folder / "class_pictures").glob("*.png"))[:MOST]
    body: dict[str, Any] = {"measure": MEASURE}
    if not made or not before:
        lacks = "list of what the model drew" if not made else "pictures by the base"
        missing = {"not_measured": f"The run kept no {lacks}."}
        return body | {"without_token": missing, "names": missing}
    side = side_of(folder / "output" / made[0].file)
    base = _features(before, side)
    manifest = Manifest.from_bytes(revision.run.manifest.body.encode())
    groups: dict[tuple[str, str], list[Features]] = defaultdict(list)
    for one in made:
        plain = one.kind == "neutral" and one.prompt == manifest.class_prompt
        if plain or one.kind in ("token", "training", "name"):
            kind = "token" if one.kind == "training" else one.kind
            groups[kind, one.party].append(_one(folder / "output" / one.file, side))
    names = {image.normalised_sha256 for image in manifest.images}
    training = _features((folder / "images" / f"{name}.png" for name in sorted(names)), side)
    return body | {
        "without_token": _without_token(groups, base, training),
        "names": _names(groups, base, _Works(manifest, folder, side)),
        "names_against": "a made-up name" if ("name", "") in groups else "a neutral prompt",
    }


def _without_token(
    groups: dict[tuple[str, str], list[Features]], base: list[Features], training: list[Features]
) -> dict[str, Any]:
    """Of two halves of the base's pictures, one is the origin and one is compared with."""
    ends = {"origin": base[::2], "target": training}
    plain = style.shift(groups["neutral", ""], base[1::2], **ends)
    token = style.shift(groups["token", ""], base[1::2], **ends)
    if plain is None:
        return {"not_measured": f"Fewer than {style.LEAST} pictures of one kind."}
    return _told(plain) | {"with_the_token": _told(token) if token else None}


def _names(
    groups: dict[tuple[str, str], list[Features]], base: list[Features], works: _Works
) -> list[dict[str, Any]] | dict[str, Any]:
    """For each name that was tried: its prompt's pictures against those of a made-up name.

    Runs that drew none by such a name are measured against the class prompt.
    """
    parties = sorted(party for kind, party in groups if kind == "name" and party)
    neutral = groups.get(("name", "")) or groups["neutral", ""]
    found = []
    for party in parties:
        ends = {"origin": base, "target": works.of(party)}
        pull = style.shift(groups["name", party], neutral, **ends)
        if pull is not None:
            found.append({"party": party} | _told(pull))
    if found:
        return found
    why = "No prompt held a creator's name." if not parties else "Too few pictures or works."
    return {"not_measured": why}


@dataclass(frozen=True)
class _Works:
    """Where pictures of a person's works are found: in the training set and under protection."""

    manifest: Manifest
    folder: Path
    side: int

    def of(self, party: str) -> list[Features]:
        mine = (image for image in self.manifest.images if party in image.creators)
        paths = {m.normalised_sha256: self._trained(m.normalised_sha256) for m in mine}
        live = Protection.objects.filter(ended_at=None, work__creators=UUID(party))
        kept = live.exclude(image=None).order_by("image__normalised_sha256")
        for sha256 in kept.values_list("image__normalised_sha256", flat=True).distinct()[:MOST]:
            if storage.exists("normalised", sha256):
                paths.setdefault(sha256, storage.path_of("normalised", sha256))
        return _features((paths[sha256] for sha256 in sorted(paths)[:MOST]), self.side)

    def _trained(self, sha256: str) -> Path:
        return self.folder / "images" / f"{sha256}.png"


def _one(path: Path, side: int) -> Features:
    return style.features(picture_of("", path, side).pixels)


def _features(paths: Iterable[Path], side: int) -> list[Features]:
    return [_one(path, side) for path in paths]


def _told(found: style.Shift) -> dict[str, Any]:
    rounded = {key: round(value, 3) for key, value in asdict(found).items()}
    return rounded | {"clear": found.clear}
