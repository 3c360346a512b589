"""The program that checks a download, and the key to give it, where a stranger can fetch both."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from registry.cards.selectors import signer

if TYPE_CHECKING:
    from django.http import HttpRequest

PROGRAM: Final = settings.BASE_DIR / "tools" / "verify_release.py"


@require_safe
def verify_release(_request: HttpRequest) -> HttpResponse:
    """`tools/verify_release.py` as it is; its sha256 (hex) is in `X-Checksum-Sha256`."""
    body = PROGRAM.read_bytes()
    headers = {"X-Checksum-Sha256": hashlib.sha256(body).hexdigest()}
    return HttpResponse(body, content_type="text/x-python; charset=utf-8", headers=headers)


@require_safe
def release_key(_request: HttpRequest) -> HttpResponse:
    """The public key (64 hex digits) that signs releases here, as `--key` reads it from a file."""
    return HttpResponse(f"{signer()}\n", content_type="text/plain; charset=utf-8")
