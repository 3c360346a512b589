"""Who may do what with a revision, and when: one table, read by commands, pages and the API.

Pure. The states are those of `registry.models.Revision.State`; a test holds them equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Collection

STATES = ("draft", "audited", "released", "quarantined", "withdrawn")
Who = Literal["owner", "reviewer", "operator"]


@dataclass(frozen=True)
class Command:
    """One thing that can be done: by whom, from which states, and the state it leads to."""

    name: str
    label: str
    by: tuple[Who, ...]
    sources: tuple[str, ...]
    target: str | None = None
    four_eyes: bool = False
    """Not by the owner, whatever roles the owner has."""


COMMANDS = (
    Command("audit", "Audit again", ("owner", "operator"), ("draft",)),
    Command("accept-flag", "Accept the flagged audit", ("reviewer",), ("draft",), four_eyes=True),
    Command("release", "Release", ("owner",), ("audited",), "released"),
    Command("quarantine", "Quarantine", ("reviewer", "operator"), ("released",), "quarantined"),
    Command(
        "lift", "Lift the quarantine", ("reviewer", "operator"), ("quarantined",), "released",
        four_eyes=True,
    ),
    Command(
        "withdraw", "Withdraw", ("owner", "reviewer", "operator"),
        ("audited", "released", "quarantined"), "withdrawn",
    ),
)  # fmt: skip
BY_NAME = {command.name: command for command in COMMANDS}


@dataclass(frozen=True)
class Refusal:
    """Why a command may not be given: a stable code and a sentence with what to do."""

    code: Literal["not_yours", "own_model", "wrong_state"]
    sentence: str
    remedy: str


def allowed(command: str, *, state: str, roles: Collection[str], is_owner: bool) -> Refusal | None:
    """None where `command` may be given; else why not."""
    wanted = BY_NAME[command]
    what = wanted.label.lower()
    if wanted.four_eyes and is_owner:
        return Refusal(
            "own_model",
            f"Nobody may {what} for a model of their own, whatever roles they have.",
            "Ask another reviewer.",
        )
    if not (is_owner and "owner" in wanted.by) and not set(wanted.by) & set(roles):
        people = " or ".join("the owner" if who == "owner" else f"a {who}" for who in wanted.by)
        people = people.replace("a operator", "an operator")
        return Refusal("not_yours", f"Only {people} may {what}.", "Ask one of them.")
    if state not in wanted.sources:
        return Refusal(
            "wrong_state",
            f"This revision is {state}; to {what} it must be {' or '.join(wanted.sources)}.",
            "Load the page again to see where it stands now.",
        )
    return None


def allowed_commands(*, state: str, roles: Collection[str], is_owner: bool) -> list[Command]:
    """The commands that would not be refused, in the table's order."""
    return [
        command
        for command in COMMANDS
        if allowed(command.name, state=state, roles=roles, is_owner=is_owner) is None
    ]
