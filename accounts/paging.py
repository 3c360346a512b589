"""Pages of the API: as many rows as asked for, up to a bound that every database can count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.pagination import LimitOffsetPagination

if TYPE_CHECKING:
    from rest_framework.request import Request

FARTHEST = 10_000_000


class BoundedPagination(LimitOffsetPagination):
    """`?limit=` and `?offset=`; what is beyond the bounds reads as the bound."""

    max_limit = 500

    def get_offset(self, request: Request) -> int:
        return min(super().get_offset(request), FARTHEST)
