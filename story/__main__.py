"""Tell the story: `python -m story [--serve] [--port N]`; exit 0 only if every step came true.

It starts the real server, workers and relay, and then uses nothing but the commands, pages and
API that everybody uses.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import requests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from story.telling import Story

DISK_NEEDED = 1 << 30
START_SECONDS = 60
END_SECONDS = 20
"""More than `serve` gives its parts to end."""


def main() -> int:
    """Set up, tell every step, and serve on if asked; the exit code says whether all came true."""
    options = _options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import CommandError

    from web.management.commands.serve import data_folder_to_ourselves, require_free_port

    try:
        steps = _steps(options.first, options.last)
        with data_folder_to_ourselves():
            port = options.port if options.serve else _any_port()
            require_free_port(port)
            _require_disk()
        with serving(port) as server:
            if options.serve:
                _say_who_is_who(port)
            try:
                ended = _tell(f"http://127.0.0.1:{port}", steps)
            except requests.RequestException:
                if not _was_stopped(server):
                    raise
                raise CommandError("The server was stopped, and the story with it.") from None
            if options.serve and ended == 0:
                _serve_on(port, server)
            return ended
    except CommandError as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nThe story was stopped.\n")
        return 1


def _was_stopped(server: subprocess.Popen[bytes]) -> bool:
    """Whether the server ends, after it stopped answering, within the time it gives its parts."""
    try:
        server.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return True


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m story", description=__doc__)
    parser.add_argument("--serve", action="store_true", help="serve on after the story")
    parser.add_argument(
        "--from", dest="first", metavar="STEP", help="go on with the latest story from this step"
    )
    parser.add_argument("--to", dest="last", metavar="STEP", help="stop after this step")
    parser.add_argument("--port", type=int, default=8000, help="where to serve (with --serve)")
    return parser.parse_args()


def _any_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _require_disk() -> None:
    from django.conf import settings
    from django.core.management import CommandError

    free = shutil.disk_usage(settings.DATA_DIR).free
    if free < DISK_NEEDED:
        raise CommandError(
            f"Only {free >> 20} MB are free at {settings.DATA_DIR}; the story needs 1 GB. "
            "Free some space, or choose another folder with IMPRIMATUR_DATA_DIR."
        )


@contextmanager
def serving(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The real server, workers and relay, on `port`, for as long as the block lasts."""
    from django.conf import settings

    log = (settings.DATA_DIR / "story-server.log").open("ab")
    environ = os.environ | {"IMPRIMATUR_SITE_URL": f"http://127.0.0.1:{port}"}
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        stdout=log,
        stderr=log,
        env=environ,
        start_new_session=True,  # Ctrl-C reaches us first, and we end it in order
    )
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/readyz", server)
        yield server
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
        log.close()


def _wait_until_ready(address: str, server: subprocess.Popen[bytes]) -> None:
    from django.conf import settings
    from django.core.management import CommandError

    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if requests.get(address, timeout=5, proxies={"http": ""}).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise CommandError(
        f"The server did not start: see the end of {settings.DATA_DIR / 'story-server.log'}."
    )


def _steps(first: str | None, last: str | None) -> range:
    """The numbers of the steps to tell, from `first` to `last`; refuses an unknown name."""
    from django.core.management import CommandError

    from story.steps import STEPS

    names = [step.__name__.rpartition(".")[2] for step in STEPS]
    for name in (first, last):
        if name is not None and name not in names:
            raise CommandError(f"There is no step {name!r}. The steps are {', '.join(names)}.")
    start = names.index(first) if first else 0
    return range(start, (names.index(last) if last else len(names) - 1) + 1)


def _tell(server: str, numbers: range) -> int:
    from story.client import Client, UnexpectedAnswerError
    from story.people import settle
    from story.steps import STEPS
    from story.telling import StoryFailedError

    story = _story(go_on=numbers.start > 0)
    story.clients = {name: Client(server, token) for name, token in settle().items()}
    story.remember(server=server)
    started = time.monotonic()
    for number in numbers:
        step = STEPS[number]
        story.console.print(f"\n[bold]{number + 1}. {step.TITLE}[/bold]\n   [dim]{step.WHY}[/dim]")
        try:
            step.run(story)
        except (StoryFailedError, UnexpectedAnswerError) as failure:
            story.console.print(f"   [bold red]✗ {failure}[/bold red]")
            story.console.print(f"\nThe story failed at step {number + 1}: {step.TITLE}")
            return 1
        story.remember()
    spent = time.monotonic() - started
    story.console.print(f"\n[bold green]Every step came true[/bold green] ({spent:.0f} s).")
    return 0


def _story(*, go_on: bool) -> Story:
    from django.conf import settings

    from story.telling import Story

    shelf = settings.DATA_DIR / "story"
    shelf.mkdir(parents=True, exist_ok=True)
    results = settings.DATA_DIR / "story.json"
    steps = int(os.environ.get("IMPRIMATUR_STORY_STEPS", "500"))
    if go_on:
        known = json.loads(results.read_text())
        number = known.pop("number")
        return Story(shelf / str(number), results, number, steps, known=known)
    number = 1 + max((int(p.name) for p in shelf.iterdir() if p.name.isdigit()), default=0)
    (shelf / str(number)).mkdir()
    return Story(shelf / str(number), results, number, steps)


def _say_who_is_who(port: int) -> None:
    from story.people import PASSWORD, PEOPLE

    sys.stdout.write(f"\nAt http://127.0.0.1:{port} you can look on.\n")
    sys.stdout.write(f"Log in as one of these, with the password {PASSWORD}:\n")
    for person in PEOPLE:
        sys.stdout.write(f"  {person.username:<11} {person.who}\n")
    sys.stdout.flush()


def _serve_on(port: int, server: subprocess.Popen[bytes]) -> None:
    _say_who_is_who(port)
    sys.stdout.write("Serving until Ctrl-C or `make stop`.\n")
    sys.stdout.flush()
    signal.signal(signal.SIGTERM, lambda *_: server.send_signal(signal.SIGTERM))
    try:
        server.wait()
    except KeyboardInterrupt:
        sys.stdout.write("\nEnding.\n")


if __name__ == "__main__":
    sys.exit(main())
