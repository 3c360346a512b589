"""The illustrator's own yes is not enough: those who commissioned the works must permit it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provenance.models import Party
from story.people import ARTIST

if TYPE_CHECKING:
    from story.telling import Story

TITLE = "He tries with the illustrator's yes alone"
WHY = "She made the works, but most rights lie with the studio and the press."


def run(story: Story) -> None:
    """Ask her, let her grant, and look at the verdict again."""
    stranger, artist = story.user("stranger"), story.user("artist")
    set_id = story.known["stranger_set"]
    ask = stranger.post(
        "asks/",
        image_set=set_id,
        party=str(Party.objects.get(name=ARTIST).pk),
        purpose="a model for my own use",
        model_name="harbour-pictures",
    )
    artist.post(f"asks/{ask['id']}/grant/", actions=["train", "distribute-weights"])
    story.say("She is asked, and says yes as a signed-in user.")
    verdict = stranger.get(f"image-sets/{set_id}/verdict/")
    codes = [finding["code"] for finding in verdict["findings"]]
    story.expect(verdict["outcome"] == "blocked", "The set is still blocked.")
    story.expect(
        codes.count("creator_is_not_holder") > 1,
        f"{codes.count('creator_is_not_holder')} pictures now say why: "
        + next(
            (
                finding["explanation"]
                for finding in verdict["findings"]
                if finding["code"] == "creator_is_not_holder"
            ),
            "",
        ),
        found=codes,
    )
