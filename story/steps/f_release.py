"""The audit looks for memorised pictures; both models get cards, are signed and released."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from story.telling import Story

TITLE = "The models are audited, built, signed and released"
WHY = "No release without a look at what the model remembers, and a card that tells the truth."


def run(story: Story) -> None:
    """Wait for the audits, release both, and tell where they are."""
    curator = story.user("curator")
    for key in ("a", "b"):
        revision = _audited(story, key)
        report = revision["audit"]
        story.expect(
            revision["state"] == "audited",
            f"Model {key.upper()} passes the audit: {report['report']['sentence']}",
            found=revision,
        )
        released = curator.post(f"revisions/{revision['id']}/release/")
        story.expect(
            released["state"] == "released",
            f"{revision['model']} is released, {'gated by its grants' if key == 'b' else 'open'}.",
        )
        story.known[f"revision_{key}"] = revision["id"]
        story.known[f"model_{key}"] = revision["model"]
    story.remember(released=story.known["model_a"], gated=story.known["model_b"])


def _audited(story: Story, key: str) -> dict[str, Any]:
    run_id = story.known[f"run_{key}"]

    def look() -> dict[str, Any] | None:
        answer = story.user("curator").ask("GET", f"runs/{run_id}/revision/")
        if not answer.ok or (answer.body["state"] == "draft" and not answer.body["audit"]):
            return None
        found: dict[str, Any] = answer.body
        return found

    revision: dict[str, Any] = story.wait(f"auditing and building {key.upper()}", look, seconds=120)
    return revision
