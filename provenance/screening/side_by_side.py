"""A match as one picture: both sides at one height, with the part that they share drawn in."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

from PIL import Image as Pixels
from PIL import ImageDraw

from provenance.intake import storage

if TYPE_CHECKING:
    from provenance.models import Image, Match

HEIGHT: Final = 420
GAP: Final = 16
LINE: Final = (214, 40, 90)
PAPER: Final = (255, 255, 255)
ABSENT: Final = (226, 226, 226)


def drawn(match: Match, *, both: bool) -> bytes:
    """PNG, 420 px high. One side is empty without `both`, and of a work that is not here."""
    region = match.region or {}
    left = _side(match.image, region.get("image"))
    right = _side(match.entry.image if both else None, region.get("listed"))
    whole = Pixels.new("RGB", (left.width + GAP + right.width, HEIGHT), PAPER)
    whole.paste(left, (0, 0))
    whole.paste(right, (left.width + GAP, 0))
    out = BytesIO()
    whole.save(out, "PNG")
    return out.getvalue()


def _side(image: Image | None, corners: list[list[float]] | None) -> Pixels.Image:
    if image is None:
        side = Pixels.new("RGB", (HEIGHT, HEIGHT), ABSENT)
    else:
        # Normalised here by the limited child before it was stored: safe to open.
        with storage.path_of("normalised", image.normalised_sha256).open("rb") as file:
            picture = Pixels.open(file).convert("RGB")
        width = max(1, min(3 * HEIGHT, round(picture.width * HEIGHT / picture.height)))
        side = picture.resize((width, HEIGHT))
    if corners:
        points = [(x * side.width, y * side.height) for x, y in corners]
        ImageDraw.Draw(side).line([*points, points[0]], fill=LINE, width=4, joint="curve")
    return side
