"""The loss of a run as the points of a line in an SVG. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 600, 160
SMOOTHING = 0.85
"""Each point keeps this much of the line so far: the loss of one step is mostly noise."""


@dataclass(frozen=True)
class Plot:
    """Points of `<polyline>` in a box of WIDTH by HEIGHT, and what the axes span."""

    raw: str
    smooth: str
    first_step: int
    last_step: int
    low: float
    high: float
    width: int = WIDTH
    height: int = HEIGHT


def loss_plot(points: Sequence[tuple[int, float]]) -> Plot | None:
    """A plot of (step, loss) pairs in order of steps; None for fewer than two of them."""
    if len(points) < 2:  # noqa: PLR2004 - a line needs two
        return None
    losses = [loss for _, loss in points]
    low, high = min(losses), max(losses)
    first, last = points[0][0], points[-1][0]
    across, up = WIDTH / max(1, last - first), HEIGHT / ((high - low) or 1.0)

    def line(values: Sequence[float]) -> str:
        return " ".join(
            f"{(step - first) * across:.1f},{HEIGHT - (value - low) * up:.1f}"
            for (step, _), value in zip(points, values, strict=True)
        )

    return Plot(line(losses), line(_smooth(losses)), first, last, low, high)


def _smooth(losses: Sequence[float]) -> list[float]:
    smooth, kept = [], losses[0]
    for loss in losses:
        kept = SMOOTHING * kept + (1 - SMOOTHING) * loss
        smooth.append(kept)
    return smooth
