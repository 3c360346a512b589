"""Where a text stands decides what a name in it means: a title claims, a sentence refers.

In a name-bearing place every form counts. In running text a studio, brand or character may be
referred to truthfully ("a poster for Kettle & Crane") and only a style marker counts. Names of
the long dead describe styles; nobody may pose as them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provenance.naming.rules.matching import is_marked

if TYPE_CHECKING:
    from provenance.naming.rules.matching import Find

OWNERS = frozenset({"owner", "organisation", "user"})
NAME_BEARING = OWNERS | {"name", "set", "slug", "title", "token", "tag", "file", "metadata",
                         "redirect"}  # fmt: skip
RUNNING_TEXT = frozenset({"prompt", "caption", "card", "example"})
PLACES = NAME_BEARING | RUNNING_TEXT
REFERABLE = frozenset({"studio", "organisation", "brand", "character"})
HISTORICAL = "historical"


def counts(found: Find, place: str) -> bool:
    """Whether a name found at `place` needs its holder's consent."""
    kind = found.key.name.kind
    if kind in REFERABLE and place in RUNNING_TEXT:
        return is_marked(found)
    if kind == HISTORICAL:
        return place in OWNERS or (place in NAME_BEARING and not is_marked(found))
    return True
