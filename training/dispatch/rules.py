"""Who may do what with a run, and when: one table, read by commands, pages and the API. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

STEERS = frozenset({"reviewer", "operator"})
"""Roles that may steer other people's runs."""


@dataclass(frozen=True)
class Command:
    """One thing that people do with a run: from which states, and what they are told."""

    name: str
    label: str
    sources: tuple[str, ...]
    done: str


COMMANDS = (
    Command("pause", "Pause", ("queued", "running"), "It pauses after this step and can go on."),
    Command("resume", "Go on", ("paused",), "It waits for a worker and goes on where it was."),
    Command(
        "retry",
        "Try again",
        ("failed", "cancelled", "halted"),
        "It waits for a worker, and is asked about its permissions again first.",
    ),
    Command(
        "cancel",
        "Cancel this run",
        ("queued", "running", "pausing", "paused"),
        "It is being cancelled: the trainer ends after this step.",
    ),
)
BY_NAME = {command.name: command for command in COMMANDS}


def allowed(*, state: str, roles: Collection[str], is_own: bool) -> list[str]:
    """The commands that would not be refused now, in the table's order."""
    if not is_own and not STEERS & set(roles):
        return []
    return [command.name for command in COMMANDS if state in command.sources]
