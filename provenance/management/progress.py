"""A progress bar on the error stream, so that the output stays what was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.progress import track

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")


def told(items: Iterable[T], words: str, total: int) -> Iterable[T]:
    """`items`, counted on stderr while they are gone through; quiet where nobody watches."""
    console = Console(stderr=True)
    return track(items, words, total, console=console, disable=not console.is_terminal)
