"""The illustrator's portfolio is protected; most of it belongs to those who commissioned it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from story import commands
from story.people import ARTIST, PUBLISHER, STUDIO
from story.pictures.portfolio import portfolio

if TYPE_CHECKING:
    from story.telling import Story

TITLE = "An illustrator protects her portfolio"
WHY = "Her pictures are found by their looks, and whoever holds the rights is on record."
SHARES = ((STUDIO, 16), (PUBLISHER, 12), (ARTIST, 4))


def run(story: Story) -> None:
    """Draw the portfolio and protect it in bulk, a folder a holder."""
    story.known["base_build"] = commands.start("manage.py", "build_tiny_base")
    story.say("(The tiny base model is built meanwhile, unless it is there already.)")
    pictures = iter(portfolio())
    for holder, count in SHARES:
        folder = story.folder / "portfolio" / holder
        folder.mkdir(parents=True)
        for picture in islice(pictures, count):
            picture.image.save(folder / f"{picture.slug}.png")
        ran = commands.run(
            *("manage.py", "protect", str(folder), "--holder", holder, "--creator", ARTIST),
            *("--evidence", "document_checked"),
        )
        story.expect(ran.code == 0, f"{count} works held by {holder} are protected.", found=ran.err)
