"""Hold Python's cycle collector still while very many facts are made."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def collector_paused() -> Iterator[None]:
    """Facts hold no cycles: looking for some again and again made large sets superlinear.

    The collector is the process's. Whoever paused it starts it again, so of two threads that
    overlap the second may run with it: slower, and never left without.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
