"""What differs between two revisions of a model: files by digest, and the card line by line."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from registry.models import Revision


@dataclass(frozen=True)
class Difference:
    """Paths by what became of them from `old` to `new`, and the card's unified diff."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    same: int
    card: tuple[str, ...]


def difference(old: Revision, new: Revision) -> Difference:
    """From `old` to `new`; both are sealed, so that neither can change any more."""
    before, after = (dict(r.files.values_list("path", "sha256")) for r in (old, new))
    both = set(before) & set(after)
    changed = tuple(sorted(path for path in both if before[path] != after[path]))
    lines = difflib.unified_diff(
        old.card.splitlines(),
        new.card.splitlines(),
        f"README.md, {old.commit[:12]}",
        f"README.md, {new.commit[:12]}",
        lineterm="",
    )
    return Difference(
        added=tuple(sorted(set(after) - set(before))),
        removed=tuple(sorted(set(before) - set(after))),
        changed=changed,
        same=len(both) - len(changed),
        card=tuple(lines),
    )
