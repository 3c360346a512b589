"""DreamBooth trains for real, on exactly what was approved, with its progress in the open."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

from django.conf import settings

from story import commands

if TYPE_CHECKING:
    from story.telling import Story

TITLE = "DreamBooth trains on what was approved"
WHY = "Through Celery, in a subprocess that checks the signature and every picture's bytes first."
REFUSED = 2
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
        _unsigned_is_refused(story, run_id)
        story.expect(ended["samples"], f"It made {len(ended['samples'])} sample pictures.")


def _unsigned_is_refused(story: Story, run_id: str) -> None:
    """Somebody who can start the trainer, but not sign, changes one letter of the manifest."""
    folder = story.folder / f"tampered-{run_id}"
    folder.mkdir(exist_ok=True)
    for name in ("manifest.json", "manifest.sig.json", "job.json"):
        shutil.copy(settings.RUNS_DIR / run_id / name, folder)
    manifest, job = folder / "manifest.json", folder / "job.json"
    manifest.write_text(manifest.read_text().replace("manner", "manners", 1))
    job.write_text(json.dumps(json.loads(job.read_text()) | {"manifest": str(manifest)}))
    environ = os.environ | {"IMPRIMATUR_TRUSTED_KEYS": str(settings.TRUSTED_KEYS)}
    ran = commands.run("-m", "training.dreambooth", str(job), environ=environ)
    story.expect(
        ran.code == REFUSED and "signature" in ran.out,
        "The same run with one word of its manifest changed is refused by the trainer itself.",
        found=f"{ran.code} {ran.out} {ran.err}",
    )


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
