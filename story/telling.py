"""How the story is told: what happens and why in plain words, and what must be true after it."""

from __future__ import annotations

import json
import os
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from story.client import Client


class StoryFailedError(Exception):
    """A step did not have the outcome that it must have."""


@dataclass
class Story:
    """One telling: who speaks to which server, what is known so far, and the screen."""

    folder: Path
    """Where this telling's pictures and downloads lie."""
    results: Path
    """`story.json`, which tells the ids and addresses of the latest telling."""
    number: int
    steps: int = 500
    """Training steps of the open model; the gated one takes fewer."""
    clients: dict[str, Client] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)
    console: Console = field(default_factory=lambda: Console(highlight=False))

    def user(self, name: str) -> Client:
        """The API as this user sees it."""
        return self.clients[name]

    def say(self, sentence: str) -> None:
        """Tell what happens."""
        self.console.print(f"   {sentence}")

    def expect(self, outcome: object, sentence: str, *, found: object = None) -> None:
        """What must be true now; otherwise the story ends here, saying so."""
        if not outcome:
            detail = "" if found is None else f"\n   Found instead: {_short(found)}"
            raise StoryFailedError(f"It must be so, but is not: {sentence}{detail}")
        self.console.print(f"   [green]✓[/green] {sentence}")

    def wait(self, what: str, look: Callable[[], Any], *, seconds: float = 240) -> Any:
        """Look until `look` answers something true; show how long it takes."""
        deadline = time.monotonic() + seconds
        with self._progress() as progress:
            task = progress.add_task(what, total=None)
            while not (answer := look()):
                if time.monotonic() > deadline:
                    raise StoryFailedError(f"Waited {seconds:.0f} s in vain: {what}")
                time.sleep(0.2)
            progress.update(task, total=1, completed=1)
        return answer

    @contextmanager
    def bar(self, what: str, total: int) -> Iterator[Callable[[], None]]:
        """A bar that advances by one at each call of what it gives."""
        with self._progress() as progress:
            task = progress.add_task(what, total=total)
            yield lambda: progress.advance(task)

    def _progress(self) -> Progress:
        return Progress(
            TextColumn("  "),
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            console=self.console,
            transient=True,
        )

    def remember(self, **facts: Any) -> None:
        """Keep ids and addresses for later steps and in story.json, whole at any moment."""
        self.known |= facts
        handle, name = tempfile.mkstemp(dir=self.results.parent)
        with os.fdopen(handle, "w") as file:
            told = {key: value for key, value in self.known.items() if isinstance(value, str)}
            json.dump({"number": self.number, **told}, file, indent=1, sort_keys=True)
        Path(name).replace(self.results)


def _short(found: object) -> str:
    text = found if isinstance(found, str) else json.dumps(found, default=str)
    return text if len(text) < 1500 else text[:1500] + " …"  # noqa: PLR2004 - a screenful
