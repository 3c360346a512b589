"""A run stands on the decision about its request, from the moment it is queued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from provenance.models import Standing, StandingBasis

if TYPE_CHECKING:
    from collections.abc import Iterable


def copy_standing(source: str, target: str) -> None:
    """Register for `target` what `source` stands on. Inside a transaction that holds the bank."""
    standing = Standing.objects.get(pk=source)
    bases = list(standing.bases.values_list("kind", "ref"))
    copied = Standing.objects.create(
        subject=target,
        evaluation=standing.evaluation,
        outcome=standing.outcome,
        stands=standing.stands,
        valid_until=standing.valid_until,
    )
    StandingBasis.objects.bulk_create(
        StandingBasis(standing=copied, kind=kind, ref=ref) for kind, ref in bases
    )


def drop_standing(subjects: Iterable[str]) -> None:
    """Let none of `subjects` pass a gate any more."""
    Standing.objects.filter(pk__in=list(subjects), stale_at=None).update(stale_at=timezone.now())
