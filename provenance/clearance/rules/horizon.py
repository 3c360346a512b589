"""Until when a decision can hold: the last day before a date in its facts changes something.

Evidence that expires is no matter of this: a sweep lowers what rests on it (`attribution.expiry`).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provenance.clearance.rules.facts import Facts

DAY = timedelta(days=1)


def last_day(facts: Facts) -> date | None:
    """The last day on which these facts say the same as today; None: no date stands in them."""
    coming = (day for day in _last_days(facts) if day is not None and day >= facts.today)
    return min(coming, default=None)


def _last_days(facts: Facts) -> Iterator[date | None]:
    for grant in facts.grants:
        yield from (grant.not_after, _before(grant.not_before), _before(grant.revoked_on))
    for delegation in facts.delegations:
        yield from (delegation.ends, _before(delegation.starts))
    for work in facts.works:
        for link in work.links:
            yield from (link.ends, _before(link.starts))
        for licence in work.licences:
            yield licence.not_after


def _before(first: date | None) -> date | None:
    return None if first is None else first - DAY
