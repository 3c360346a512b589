"""Run work in whole processes on the test's own database, each with a connection of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
from typing import TYPE_CHECKING

from django.db import connections

if TYPE_CHECKING:
    from collections.abc import Callable

forked = multiprocessing.get_context("fork")


def _work(what: Callable[[int], None], number: int, gate) -> None:
    connections.close_all()
    gate.wait(timeout=60)
    what(number)
    connections.close_all()


def at_once(what: Callable[[int], None], count: int) -> None:
    """`what(number)` in `count` processes that begin together; fails unless each ends well."""
    connections.close_all()  # a child must not share the parent's
    gate = forked.Barrier(count)
    started = [forked.Process(target=_work, args=(what, number, gate)) for number in range(count)]
    for process in started:
        process.start()
    for process in started:
        process.join(timeout=240)
    assert [process.exitcode for process in started] == [0] * count


def killed_when_it_says(what: Callable[[Callable[[], None]], None]) -> None:
    """Run `what(here)` in a process and kill it (SIGKILL) at the place where it calls `here()`."""
    connections.close_all()
    reached = forked.Event()

    def here() -> None:
        reached.set()
        signal.pause()

    process = forked.Process(target=what, args=(here,))
    process.start()
    assert reached.wait(timeout=60)
    os.kill(process.pid, signal.SIGKILL)
    process.join(timeout=60)
    assert process.exitcode == -signal.SIGKILL
