"""What was measured when the score was calibrated: how often which threshold errs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True)
class Calibration:
    """Of the version `version` of the score; `rows` by threshold, lowest first."""

    version: str
    strangers: int
    """Edited pictures of works that were not listed."""
    copies: int
    """Edited pictures of works that were."""
    rows: tuple[tuple[float, int, float, float], ...]
    """(threshold, strangers that reach it, share of ordinary copies and of hard ones that do)."""


def read() -> Calibration:
    """`calibration.json` beside this file, which benchmarks/screening_quality.py writes."""
    found = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return Calibration(
        found["version"], found["strangers"], found["copies"], tuple(map(tuple, found["rows"]))
    )


CALIBRATION: Final = read()
