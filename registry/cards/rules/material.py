"""What the machine-readable documents of a package need beside the card's facts. Pure."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

PICTURES = "provenance/pictures.csv"
COLUMNS = ("sha256", "pdq", "work", "licence", "grants", "verdict")


@dataclass(frozen=True)
class PictureRow:
    """One training picture as the signed manifest lists it: digests and opaque ids only."""

    sha256: str
    pdq: str
    work: str
    licence: str
    grants: tuple[str, ...]
    verdict: str

    def cells(self) -> tuple[str, ...]:
        grants = " ".join(self.grants)
        return (self.sha256, self.pdq, self.work, self.licence, grants, self.verdict)


@dataclass(frozen=True)
class WeightsFile:
    """A weights file of the package: path, sha256 (hex), number of parameters."""

    path: str
    sha256: str
    parameters: int


@dataclass(frozen=True)
class Material:
    """The training pictures and the weights. Dates are RFC 3339 days; None: not on record."""

    pictures: tuple[PictureRow, ...]
    weights: tuple[WeightsFile, ...]
    collected: tuple[str, str] | None
    people: int
    """Pictures declared to show people who can be recognised."""
    undeclared: int
    """Pictures of which nobody said whether they show people."""

    @property
    def parameters(self) -> int:
        return sum(file.parameters for file in self.weights)


def pictures_csv(material: Material) -> str:
    """The training pictures as a table, one row a picture."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(row.cells() for row in material.pictures)
    return out.getvalue()
