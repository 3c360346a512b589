"""The audit looks for memorised pictures; both models get cards, are signed and released."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from story.steps.d_review import MODELS

if TYPE_CHECKING:
    from story.telling import Story

TITLE = "The models are audited, built, signed and released"
WHY = "No release without a look at what the model remembers, and a card that tells the truth."


def run(story: Story) -> None:
    """Wait for the audits, release both, and tell where they are."""
    curator = story.user("curator")
    for key in ("a", "b"):
        revision = _audited(story, key)
        story.expect(
            revision["state"] == "audited",
            f"Model {key.upper()} passes the audit.",
            found=revision["audit"],
        )
        for check in revision["audit"]["report"]["checks"]:
            story.say(f"[dim]{check['name']}: {check['explanation']}[/dim]")
        released = curator.post(f"revisions/{revision['id']}/release/")
        story.expect(
            released["state"] == "released" and bool(released["terms"]) == (key == "b"),
            f"{released['model']} is released, {'gated by its grants' if key == 'b' else 'open'}.",
            found=released,
        )
        story.known |= {f"revision_{key}": revision["id"], f"model_{key}": released["model"]}
    story.remember(released=story.known["model_a"], gated=story.known["model_b"])


def _audited(story: Story, key: str) -> dict[str, Any]:
    curator = story.user("curator")
    name = f"{MODELS[key]['model_name']}-{story.number}"

    def look() -> dict[str, Any] | None:
        model = curator.ask("GET", f"models/curator/{name}/")
        if not model.ok:
            return None
        found: dict[str, Any] = curator.get(f"revisions/{model.body['revision']}/")
        built = found["audit"] and (
            found["state"] != "draft" or found["audit"]["outcome"] != "passed"
        )
        return found if built else None

    revision: dict[str, Any] = story.wait(f"auditing and building {key.upper()}", look, seconds=120)
    return revision
