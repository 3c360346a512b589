"""Read many files from this machine's disk, decoded side by side and in order."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from accounts.errors import InvalidError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from pathlib import Path

T = TypeVar("T")
R = TypeVar("R")


def side_by_side(
    work: Callable[[T], R], jobs: Iterable[T], workers: Executor | None = None
) -> Generator[R]:
    """The results in order; a few jobs run ahead, so that memory does not grow with their number.

    `work` may not use the database, unless the workers are processes that may: it runs in threads.
    """
    ahead = 4 * (os.cpu_count() or 1)
    waiting: deque[Future[R]] = deque()
    with workers or ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        try:
            for job in jobs:
                waiting.append(pool.submit(work, job))
                if len(waiting) > ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:  # whoever stops asking does not wait for the rest
            for future in waiting:
                future.cancel()


def files_in(folder: Path) -> list[Path]:
    """Every file below `folder`, sorted, hidden ones left out."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(
        p for p in found if not any(n.startswith(".") for n in p.relative_to(folder).parts)
    )


def read_file(path: Path, what: str) -> bytes:
    """The bytes of a file that somebody named; InvalidError says which could not be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidError(
            "unreadable_file",
            f"{what} cannot be read: {error.strerror or error}.",
            "Check the path.",
        ) from error
