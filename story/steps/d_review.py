"""Somebody else looks: flags are resolved in groups, reasons given, and the manifests signed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from story.telling import Story

TITLE = "A reviewer who is not the applicant looks and decides"
WHY = "What is approved is a frozen, signed list of pictures, names, token and prompts."
MODELS = {
    "a": {
        "model_name": "linen-prints",
        "token": "lnprt",
        "instance_prompt": "a print in lnprt manner",
        "class_prompt": "a print",
        "purpose": "A model of leaf and tile prints that everybody may use.",
    },
    "b": {
        "model_name": "harbour-evenings",
        "token": "hbrev",
        "instance_prompt": "a drawing in hbrev manner",
        "class_prompt": "a drawing",
        "purpose": "An open model of harbour evenings, shown at the autumn exhibition.",
    },
}


def run(story: Story) -> None:
    """Submit both, resolve the flags of A, approve both; nobody approves their own."""
    curator, reviewer = story.user("curator"), story.user("reviewer")
    for key, texts in MODELS.items():
        request = curator.post(
            "requests/",
            **texts | {"model_name": f"{texts['model_name']}-{story.number}"},
            image_set=story.known[f"set_{key}"],
            base="tiny-shapes",
            sample_prompts=[texts["instance_prompt"], texts["class_prompt"]],
            gated=key == "b",
            steps=story.steps if key == "a" else max(5, story.steps * 3 // 5),
        )
        path = f"requests/{request['id']}/"
        curator.post(f"{path}submit/")
        refused = curator.ask(
            "POST", f"{path}approve/", json={"reason": "mine", **_seen(story, path)}
        )
        story.expect(not refused.ok, f"The curator cannot approve their own request {key.upper()}.")
        if key == "a":
            _resolve(story, path)
        seen = _seen(story, path)
        approved = reviewer.post(
            f"{path}approve/",
            reason="Every picture's licence or grant is on record, and the name is neutral.",
            **seen,
        )
        story.expect(
            approved["state"] == "approved",
            f"Request {key.upper()} is approved; its manifest is signed "
            f"({seen['manifest_sha256'][:12]}…).",
            found=approved,
        )
        story.known[f"request_{key}"] = request["id"]


def _seen(story: Story, path: str) -> dict[str, str]:
    return {"manifest_sha256": story.user("reviewer").get(path)["manifest_sha256"]}


def _resolve(story: Story, path: str) -> None:
    reviewer = story.user("reviewer")
    flags = _open_flags(reviewer.get(path))
    story.expect(flags, f"{len(flags)} flags are open: the licence does not speak of training.")
    one = flags[0]
    reviewer.post(
        f"{path}resolve/",
        group=one["group"],
        subject=one["subject"],
        reason="Looked at the picture and its page: the author offers it for any re-use.",
    )
    groups: dict[str, int] = defaultdict(int)
    for flag in flags[1:]:
        groups[flag["group"]] += 1
    for group, count in groups.items():
        reviewer.post(
            f"{path}resolve/",
            group=group,
            reason="CC BY 4.0 permits adaptation with credit; the site reads it so for training.",
        )
        story.say(f"{count} like flags are cleared in one recorded decision.")
    left = _open_flags(reviewer.get(path))
    story.expect(not left, "Every flag is resolved, with a reason and a name.", found=left)


def _open_flags(request: dict[str, Any]) -> list[dict[str, Any]]:
    findings = request["evaluation"]["findings"]
    return [f for f in findings if f["severity"] == "flag" and not f["resolved"]]
