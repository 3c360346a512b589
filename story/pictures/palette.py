"""The illustrator's inks: one family of colours, shifted by the hour and the weather."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Inks by their part in a picture, as `#rrggbb`."""

    sky: str
    glow: str
    far: str
    mid: str
    near: str
    ink: str
    light: str
    warm: str
    spark: str


DAWN = Palette(
    "#f7d9b5",
    "#f2a488",
    "#d98880",
    "#8c5a78",
    "#4b3b63",
    "#221f3d",
    "#fdf3dc",
    "#d9482b",
    "#f0b63f",
)
NOON = Palette(
    "#bfe3dc",
    "#f5ecd0",
    "#7fbfae",
    "#3f8f86",
    "#226068",
    "#17323f",
    "#fff6e0",
    "#dd5230",
    "#f0b63f",
)
DUSK = Palette(
    "#e8825d",
    "#f4b860",
    "#a8496a",
    "#6b2f5f",
    "#3d2350",
    "#1c1638",
    "#fbe9cf",
    "#c9342c",
    "#f6c553",
)
NIGHT = Palette(
    "#1b2a52",
    "#31508a",
    "#27406f",
    "#1a2d55",
    "#111d3b",
    "#0a1126",
    "#f3ead3",
    "#df5a37",
    "#f4c04c",
)
WINTER = Palette(
    "#c9d6e6",
    "#f2eee6",
    "#93abc6",
    "#5d7ba0",
    "#34527a",
    "#1b2b4a",
    "#ffffff",
    "#d5472f",
    "#e9b145",
)
AUTUMN = Palette(
    "#f3d79b",
    "#f7ead0",
    "#d99a4a",
    "#b8602f",
    "#74372c",
    "#33202a",
    "#fff3dc",
    "#c5361f",
    "#efb036",
)
SEA = Palette(
    "#8fd0cc",
    "#d9efe2",
    "#3ea3a5",
    "#1f7385",
    "#174f6d",
    "#10243f",
    "#fdf3dc",
    "#e2583a",
    "#f3bb4a",
)
RAIN = Palette(
    "#a9b7b8",
    "#d8d9cc",
    "#7d9596",
    "#52706f",
    "#334e55",
    "#1c2b36",
    "#f4eeda",
    "#d84f33",
    "#e8b048",
)
MEADOW = Palette(
    "#f4efcf",
    "#fbf6e4",
    "#b9cf83",
    "#7fa655",
    "#3f7247",
    "#1d3a35",
    "#fff8e6",
    "#d9482b",
    "#f0b63f",
)
