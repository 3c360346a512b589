"""The studio takes its permission back: B is gone with the same commit, A stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from story import commands

if TYPE_CHECKING:
    import requests

    from story.telling import Story

TITLE = "The studio withdraws its permission"
WHY = "A permission can be taken back; nothing that rests on it is served after that."
LEGAL_REASONS = 451


def run(story: Story) -> None:
    """Revoke, try to download, look at both models and at the ledger."""
    story.user("studio").post(
        f"grants/{story.known['grant_studio']}/revoke/",
        reason="The commission's contract was ended by both sides.",
    )
    story.say("The studio withdraws, with a reason.")
    answer = _download(story, "b")
    story.expect(
        answer.status_code == LEGAL_REASONS,
        f"The very next download of B is refused (451): {_reason(answer)}",
        found=f"{answer.status_code} {answer.text}",
    )
    curator = story.user("curator")
    revision = f"revisions/{story.known['revision_b']}/"
    story.wait("recall", lambda: curator.get(revision)["state"] == "quarantined", seconds=60)
    story.expect(True, "B is quarantined, and those who downloaded it are told.")
    story.expect(_download(story, "a").ok, "A stays released, and downloads as before.")
    ran = commands.run("manage.py", "verify_ledger")
    story.expect(ran.code == 0, f"The ledger verifies: {ran.out.strip()}", found=ran.out + ran.err)
    story.known.pop("gated")
    story.remember(withdrawn=story.known["model_b"])


def _reason(answer: requests.Response) -> str:
    return str(answer.json()["reason"]) if answer.status_code == LEGAL_REASONS else answer.text


def _download(story: Story, key: str) -> requests.Response:
    client = story.user("downloader")
    address = f"{client.server}/{story.known[f'model_{key}']}/resolve/main/model_index.json"
    return client.session.get(address, timeout=60)
