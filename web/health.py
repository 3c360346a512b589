"""Is this process alive, and is everything it needs there? For load balancers and `doctor`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from kombu import Connection
from kombu.exceptions import KombuError

from provenance.models import Bank

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest


def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - fixed signature
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - fixed signature
    """Database, broker, storage and index, each with what is wrong; 503 unless all are well."""
    found = problems()
    return JsonResponse({"ready": not any(found.values()), "parts": found}, status=_status(found))


def _status(found: dict[str, str]) -> int:
    return 503 if any(found.values()) else 200


def problems() -> dict[str, str]:
    """What is wrong with each part, in a sentence; an empty text where nothing is."""
    checks: dict[str, Callable[[], str]] = {
        "database": _database,
        "broker": _broker,
        "storage": _storage,
        "index": _index,
    }
    return {name: check() for name, check in checks.items()}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return f"The database does not answer: {error}"
    return ""


def _broker() -> str:
    if settings.BROKER_URL.startswith("filesystem:"):
        settings.BROKER_DIR.mkdir(parents=True, exist_ok=True)
        return "" if os.access(settings.BROKER_DIR, os.W_OK) else "The broker's folder is missing."
    try:
        with Connection(settings.BROKER_URL, connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (OSError, KombuError) as error:
        return f"The message broker does not answer: {error}"
    return ""


def _storage() -> str:
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    writable = os.access(settings.MEDIA_ROOT, os.W_OK)
    return "" if writable else f"{settings.MEDIA_ROOT} cannot be written to."


def _index() -> str:
    try:
        Bank.current()
    except DatabaseError as error:
        return f"The index of protected works cannot be read: {error}"
    return ""
