"""A reviewer looks at a match: confirmed, or rejected and perhaps the bank learns from it.

Neither changes what the decision says by itself: a flag is cleared by a resolution, and only a
negative entry, which has a name, a reason and an end, changes what is found the next time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.events import MatchJudged
from provenance.models import Features, MatchBank
from provenance.screening.banks import list_picture
from provenance.screening.local import Features as LocalFeatures
from provenance.screening.looks import VERSION, Look

if TYPE_CHECKING:
    from accounts.actors import Actor
    from provenance.models import BankEntry, Match


def confirm(*, actor: Actor, match: Match, reason: str) -> None:
    """On record: a person saw that it is the work."""
    actor.require("reviewer")
    _keep(actor, match, reason, confirmed=True, entry=None)


def reject(*, actor: Actor, match: Match, reason: str, common: bool) -> BankEntry | None:
    """On record: a person saw that it is not; with `common`, what both share proves nothing.

    Then the part of the picture that matched becomes an entry of the negative bank. Raises
    InvalidError where no part was found, as between whole pictures.
    """
    actor.require("reviewer")
    entry = None
    if common:
        entry = list_picture(
            actor=actor,
            bank=MatchBank.of_kind(MatchBank.Kind.NEGATIVE),
            look=_shared(match),
            image=None,
            label=f"shared with {match.entry.label}",
            reason=reason,
        )
    _keep(actor, match, reason, confirmed=False, entry=entry)
    return entry


def _shared(match: Match) -> Look:
    """The matched part of the picture as a look of its own; it has no code of a whole picture."""
    if match.region is None:
        raise RefusedError(
            "no_shared_part",
            "These pictures match as a whole, so no part of them can be a common element.",
            "Resolve the flag, or dispute the protection.",
        )
    row = Features.objects.get(image=match.image, version=VERSION)
    part = LocalFeatures.from_bytes(bytes(row.data)).within(match.region["image"])
    return Look(("",), 0, part.to_bytes())


def _keep(
    actor: Actor, match: Match, reason: str, *, confirmed: bool, entry: BankEntry | None
) -> None:
    if not reason.strip():
        raise InvalidError("reason_missing", "A judgement needs a reason.", "Write what you saw.")
    event = MatchJudged(match=match.pk, confirmed=confirmed, entry=entry.pk if entry else None)
    subject = f"image:{match.image.sha256}"
    append(actor=actor.id, subject=subject, event=event, statement=reason.strip())
