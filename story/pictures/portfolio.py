"""The illustrator's portfolio: 32 pictures in one hand, no two of which match each other."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from story.pictures import scenes_animals as animals
from story.pictures import scenes_land as land
from story.pictures import scenes_town as town
from story.pictures import scenes_water as water
from story.pictures.canvas import Canvas


@dataclass(frozen=True)
class Illustration:
    """One finished picture: RGB, 640 to 768 px a side."""

    title: str
    slug: str
    image: Image.Image


_LIST: tuple[tuple[str, Callable[[], Canvas]], ...] = (
    ("The Harbour Before the Bread Is Out", water.harbour),
    ("The Keeper's Day Off", water.lighthouse),
    ("Seven Balloons over Barley", land.balloons),
    ("Owl, Not Sleeping", animals.owl),
    ("The Night Post", town.night_post),
    ("First Snow, Said the Fox", animals.fox),
    ("What the Ferry Did Not See", water.whale),
    ("Last Tram Uphill", town.last_tram),
    ("Birch Wood, Walking Home", land.birches),
    ("Bear's Canoe", water.bears_canoe),
    ("The Mill Keeps Time", land.mill),
    ("Mushroom Weather", animals.mushrooms),
    ("A Fleet of Letters", water.paper_boats),
    ("Hare on Moon Hill", animals.hare),
    ("The Apple Ladder", land.orchard),
    ("Five Umbrellas", town.umbrellas),
    ("Hut Under Three Peaks", land.mountain_hut),
    ("The Ten o'Clock over the Viaduct", town.viaduct),
    ("Warm Tiles", town.chimneys),
    ("Kite Before Rain", land.kite),
    ("Reef Street", water.reef),
    ("The Castle Until Four", town.sand_castle),
    ("Tea with the Tide", water.tea_with_the_tide),
    ("Lantern Evening", animals.lanterns),
    ("Swan at the Landing", water.swan),
    ("Linden Honey", animals.bees),
    ("Winter Market", town.winter_market),
    ("The River Takes Its Time", land.river_bend),
    ("Stag in the Bracken", animals.stag),
    ("Comet over Chandler Street", town.comet),
    ("The Glasshouse, Lit", land.glasshouse),
    ("Bicycle, Thursday", town.bicycle),
)


def _slug(title: str) -> str:
    kept = "".join(letter if letter.isalnum() else " " for letter in title.replace("'", "").lower())
    return "-".join(kept.split())


def portfolio() -> list[Illustration]:
    """All 32, always in the same order and with the same pixels."""
    return [Illustration(title, _slug(title), draw().done()) for title, draw in _LIST]
