"""JSON-LD in and out."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from rest_framework.parsers import JSONParser

MEDIA_TYPE = "application/ld+json"


class JsonLdParser(JSONParser):
    """JSON under its name for linked data."""

    media_type = MEDIA_TYPE


def json_ld(document: dict[str, Any]) -> HttpResponse:
    """An answer in JSON-LD."""
    return HttpResponse(json.dumps(document, indent=1, ensure_ascii=False), MEDIA_TYPE)
