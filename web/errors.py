"""Errors outside of any view: problem details under the API, a page elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import JsonResponse
from django.views import defaults

from accounts.problems import CONTENT_TYPE, problem

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

API: Final = "/api/"


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    if not request.path.startswith(API):
        return defaults.page_not_found(request, exception)
    return _problem(404, "not_found", "There is nothing at this address; see /api/v1/docs/.")


def broken(request: HttpRequest) -> HttpResponse:
    """500."""
    if not request.path.startswith(API):
        return defaults.server_error(request)
    told = "Something broke here. Nothing half-done was kept: try again, or tell the operator."
    return _problem(500, "server_error", told)


def _problem(status: int, code: str, detail: str) -> JsonResponse:
    body = problem(status, code, detail).data
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)
