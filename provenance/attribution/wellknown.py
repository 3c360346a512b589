"""Read one small text from a party's own web domain: https, no redirects, as careful as a picture.

A host in `settings.FETCH_ALLOWED_HOSTS` is read by http too (for sites of an internal network).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.conf import settings

from accounts.errors import InvalidError, RefusedError
from provenance.intake.fetching import fetch
from provenance.intake.services import limits

PATH: Final = "/.well-known/imprimatur.txt"
MAX_BYTES: Final = 4096
SECONDS: Final = 10


def read_well_known(host: str) -> str:
    """The text at `https://<host>/.well-known/imprimatur.txt`; RefusedError where there is none."""
    scheme = "http" if host.partition(":")[0] in settings.FETCH_ALLOWED_HOSTS else "https"
    written = f"[{host}]" if host.count(":") > 1 else host
    bounds = replace(limits(), max_bytes=MAX_BYTES, seconds=SECONDS)
    try:
        return fetch(f"{scheme}://{written}{PATH}", bounds, redirects=0).data.decode(
            "utf-8", "replace"
        )
    except InvalidError as error:
        raise RefusedError(
            "domain_unread",
            f"The file at https://{written}{PATH} was not read. {error.sentence}",
            "Put a text file with the token there, and try again.",
        ) from error
