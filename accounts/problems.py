"""Errors of the API as RFC 9457 problem details."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from accounts.errors import RefusedError

CONTENT_TYPE = "application/problem+json"


def problem(http_status: int, code: str, detail: str, **more: Any) -> Response:
    """One problem-details answer; `code` is stable, `detail` is a sentence with what to do."""
    title = code.replace("_", " ").capitalize()
    body = {"type": "about:blank", "title": title, "status": http_status, "code": code}
    return Response(body | {"detail": detail} | more, status=http_status, content_type=CONTENT_TYPE)


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: refusals keep their code, field errors their fields."""
    if isinstance(error, RefusedError):
        set_rollback()
        more = {"remedy": error.remedy} if error.remedy else {}
        return problem(error.status, error.code, error.sentence, **more)
    if isinstance(error, ValidationError):
        return problem(status.HTTP_400_BAD_REQUEST, "invalid", " ".join(error.messages))
    if isinstance(error, PermissionDenied) and str(error):
        return problem(status.HTTP_403_FORBIDDEN, "permission_denied", str(error))
    if isinstance(error, Http404):
        return problem(status.HTTP_404_NOT_FOUND, "not_found", "There is nothing here for you.")
    if isinstance(error, RecursionError):
        return problem(status.HTTP_400_BAD_REQUEST, "too_deep", "This JSON is nested too deeply.")
    answer = exception_handler(error, context)
    if answer is None:
        return None
    return _restate(error, answer)


def _restate(error: Exception, answer: Response) -> Response:
    fields: dict[str, Any] = {}
    code = "error"
    detail = str(error)
    if isinstance(error, exceptions.ValidationError):
        code, detail = "invalid", "Some fields need mending."
        fields = {"errors": answer.data}
    elif isinstance(error, exceptions.APIException):
        code, detail = str(error.default_code), str(error.detail)
    restated = problem(answer.status_code, code, detail, **fields)
    for name, value in answer.items():
        if name.lower() in {"www-authenticate", "retry-after", "allow"}:
            restated[name] = value
    return restated
