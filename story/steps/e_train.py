"""DreamBooth trains for real, on exactly what was approved, with its progress in the open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from story.telling import Story

TITLE = "DreamBooth trains on what was approved"
WHY = "Through Celery, in a subprocess that checks the signature and every picture's bytes first."
ENDED = {"trained", "failed", "halted", "cancelled"}


def run(story: Story) -> None:
    """Follow both runs to their end; both must have trained and made samples."""
    for key in ("a", "b"):
        request = story.user("curator").get(f"requests/{story.known[f'request_{key}']}/")
        run_id = request["runs"][0]
        story.known[f"run_{key}"] = run_id
        ended = _follow(story, key, run_id)
        story.expect(
            ended["state"] == "trained",
            f"Model {key.upper()} is trained.",
            found=ended,
        )
        story.expect(ended["samples"], f"It made {len(ended['samples'])} sample pictures.")


def _follow(story: Story, key: str, run_id: str) -> dict[str, Any]:
    seen: dict[str, Any] = {}

    def look() -> dict[str, Any] | None:
        found: dict[str, Any] = story.user("curator").get(f"runs/{run_id}/")
        if found["phase"] != seen.get("phase") and found["phase"]:
            story.say(f"{key.upper()}: {found['phase']} …")
        seen.update(found)
        return found if found["state"] in ENDED else None

    ended: dict[str, Any] = story.wait(f"training {key.upper()}", look, seconds=600)
    return ended
