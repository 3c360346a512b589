"""Thirty-two pictures from the commons by four invented makers, each with a stated licence."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from story.pictures import prints
from story.pictures.canvas import Canvas


@dataclass(frozen=True)
class CommonsPicture:
    """One picture with what its archive's page says about it; `licence` is an SPDX id."""

    title: str
    slug: str
    creator: str
    licence: str
    credit_line: str
    source_url: str
    image: Image.Image


@dataclass(frozen=True)
class _Maker:
    creator: str
    licence: str
    draw: Callable[[int], Canvas]
    titles: tuple[str, ...]
    first_seed: int


_MAKERS = (
    _Maker(
        "Ottoline Farrow", "CC0-1.0", prints.botanical,
        ("Marsh Fern", "Hedge Laurel", "Broad Dock", "Sallow", "Ditch Willowherb", "Garden Rue",
         "Bay", "Lady's Mantle"),
        1100,
    ),
    _Maker(
        "Teun Abbink", "CC-BY-4.0", prints.cut_paper,
        ("Cut I", "Cut II, Noon", "Cut III", "Cut IV, with Bar", "Cut V", "Cut VI, Falling",
         "Cut VII", "Cut VIII, at Rest"),
        1200,
    ),
    _Maker(
        "Ines Caldera", "CC-BY-4.0", prints.contours,
        ("Skerries", "North Bank", "Three Atolls", "Drowned Valley", "The Shallows",
         "Winter Soundings", "Outer Rocks", "Lee Shore"),
        1300,
    ),
    _Maker(
        "Maud Ashgrove", "CC0-1.0", prints.quilt,
        ("Barn Quilt", "Nine Fields", "Weathervane", "Broken Wheel", "Crossroads", "Mill Race",
         "Lamplight", "Flying South"),
        1400,
    ),
)  # fmt: skip


def _picture(maker: _Maker, index: int) -> CommonsPicture:
    title = maker.titles[index]
    slug = "-".join(title.lower().replace(",", "").replace("'", "").split())
    return CommonsPicture(
        title=title,
        slug=slug,
        creator=maker.creator,
        licence=maker.licence,
        credit_line=f"“{title}” by {maker.creator} ({maker.licence})",
        source_url=f"https://archive.example/prints/{slug}",
        image=maker.draw(maker.first_seed + index).done(),
    )


def commons() -> list[CommonsPicture]:
    """All 32, always in the same order and with the same pixels; RGB, 640 to 768 px a side."""
    return [_picture(maker, index) for maker in _MAKERS for index in range(len(maker.titles))]
