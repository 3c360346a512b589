"""Find a licence by its SPDX id. There is no default, and no guessing: only near names are told."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from accounts.errors import InvalidError
from provenance.models import Licence

if TYPE_CHECKING:
    from collections.abc import Iterable


def licence_named(code: str) -> Licence:
    """The licence of this code; InvalidError names the nearest where there is none."""
    found = Licence.objects.filter(pk=code).first()
    if found is None:
        raise unknown_licence(code, Licence.objects.values_list("code", flat=True))
    return found


def unknown_licence(code: str, known: Iterable[str]) -> InvalidError:
    """What to say of a code that is not among the `known`."""
    by_folded = {one.casefold(): one for one in known}
    near = get_close_matches(code[:60].casefold(), by_folded, n=3, cutoff=0.5)
    remedy = f"Did you mean {' or '.join(by_folded[one] for one in near)}?" if near else ""
    return InvalidError(
        "unknown_licence",
        f"{code[:60]!r} is not known here: a licence needs its SPDX id, written exactly.",
        remedy or "The list of licences has all that are known; an operator can add one.",
    )
