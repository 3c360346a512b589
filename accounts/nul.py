"""Refuses requests with a NUL character, which PostgreSQL cannot store and no text of ours has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseBadRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

FORM = "application/x-www-form-urlencoded"


def refuse_nul(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A middleware: 400 for a NUL in the address, the query or the fields of a form."""

    def answer(request: HttpRequest) -> HttpResponse:
        texts = [request.path, *request.GET.values()]
        if request.content_type == FORM:
            texts += request.POST.values()
        if any("\0" in str(text) for text in texts):
            return HttpResponseBadRequest("A NUL character is no text.", content_type="text/plain")
        return get_response(request)

    return answer
