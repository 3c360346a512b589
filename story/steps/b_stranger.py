"""A stranger uploads collected copies under a name made of hers; nothing of it passes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from story import commands
from story.people import PUBLISHER, STUDIO
from story.pictures.copies import stranger_copies
from story.pictures.portfolio import portfolio

if TYPE_CHECKING:
    from story.pictures.copies import Copy
    from story.telling import Story

TITLE = "A stranger uploads 32 pictures that he collected"
WHY = "Renamed, re-compressed, cropped, mirrored, with no licence, under a name made of hers."
NAME = "maren-solvik-artstyle"
FOUND = {"match_protected"}
UNKNOWN = "rights_holder_unknown"


def run(story: Story) -> None:
    """Upload the copies, look at the verdict, and try to submit all the same."""
    stranger = story.user("stranger")
    copies = stranger_copies(portfolio())
    image_set = stranger.post("image-sets/", name=NAME)
    path = f"image-sets/{image_set['id']}/"
    with story.bar("uploading", len(copies)) as advance:
        for copy in copies:
            stranger.send(f"{path}images/", copy.filename, copy.data)
            advance()
    story.known["stranger_set"] = image_set["id"]
    verdict = stranger.get(f"{path}verdict/")
    story.expect(verdict["outcome"] == "blocked", "The set is blocked.", found=verdict["outcome"])
    _every_picture(story, copies, verdict, _labels(stranger.get(f"{path}images/")))
    said = " ".join(finding["explanation"] for finding in verdict["findings"])
    story.expect(
        STUDIO in said and PUBLISHER in said, "The parties whose permission is missing are named."
    )
    names = [f for f in verdict["findings"] if f["code"] == "name_protected"]
    story.expect(names, f"The name “{NAME}” is refused: {_first(names)}", found=verdict)
    _submission_is_refused(story, image_set["id"])


def _labels(items: Any) -> dict[str, str]:
    rows = items["results"] if isinstance(items, dict) else items
    return {row["id"]: row["filename"] for row in rows}


def _every_picture(
    story: Story, copies: list[Copy], verdict: dict[str, Any], labels: dict[str, str]
) -> None:
    findings: list[dict[str, str]] = verdict["findings"]
    by_file = {labels[f["subject"]]: f["code"] for f in findings if f["subject"] in labels}
    story.expect(
        set(by_file) == {copy.filename for copy in copies}, "Every picture has its finding."
    )
    lost = [c for c in copies if by_file[c.filename] not in FOUND]
    missed = [c.edit for c in lost if c.expected_found]
    story.expect(
        not missed,
        f"{len(copies) - len(lost)} of {len(copies)} are found by their looks: every one that was "
        "re-encoded, resized, mirrored or cropped by at most 5 %.",
        found=missed,
    )
    edits = ", ".join(f"{edit} ({n})" for edit, n in Counter(c.edit for c in lost).items())
    story.say(f"Not found by whole-picture hashes: {edits or 'none'}. Blocked all the same:")
    story.expect(
        all(by_file[c.filename] == UNKNOWN for c in lost), "no record means no permission."
    )


def _first(findings: list[dict[str, str]]) -> str:
    return findings[0]["explanation"] if findings else ""


def _submission_is_refused(story: Story, set_id: str) -> None:
    stranger = story.user("stranger")
    build = story.known.get("base_build") or commands.start("manage.py", "build_tiny_base")
    story.wait("the base model", lambda: build.poll() is not None, seconds=900)
    story.expect(build.returncode == 0, "The tiny base model is there.")
    request = stranger.post(
        "requests/",
        image_set=set_id,
        base="tiny-shapes",
        model_name=NAME,
        token="marensolvik",
        instance_prompt="a drawing by marensolvik",
        class_prompt="a drawing",
        sample_prompts=["a drawing by marensolvik"],
        purpose="pictures in her style",
        steps=story.steps,
    )
    answer = stranger.ask("POST", f"requests/{request['id']}/submit/")
    story.expect(not answer.ok, "Submitting it is refused, with every reason.", found=answer.body)
    story.known["stranger_request"] = request["id"]
