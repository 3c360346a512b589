"""System checks: no owner is called like an address of the site; addresses of weights end soon."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.checks import Error, register
from django.urls import URLPattern, URLResolver
from django.urls.resolvers import RoutePattern

from accounts.reserved import RESERVED_OWNERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


LONGEST_ADDRESS = 600
"""Seconds."""


@register("urls")
def reserved_owners(**_: Any) -> list[Error]:
    """registry.E001: every first word of an address must be reserved."""
    patterns = import_module(settings.ROOT_URLCONF).urlpatterns
    missing = sorted(set(first_words(patterns)) - RESERVED_OWNERS)
    return [
        Error(
            f"The address /{word} could be taken by an owner named {word!r}.",
            hint="Add it to accounts.reserved.RESERVED_OWNERS.",
            id="registry.E001",
        )
        for word in missing
    ]


@register("security")
def short_lived_addresses(**_: Any) -> list[Error]:
    """registry.E002: whoever has an address of weights in S3 needs nothing else, so it must end."""
    kept: dict[str, Any] = settings.STORAGES.get("releases", {})
    told = {"querystring_auth": True, "querystring_expire": 3600} | kept.get("OPTIONS", {})
    if "s3" not in kept.get("BACKEND", "") or (
        told["querystring_auth"] and told["querystring_expire"] <= LONGEST_ADDRESS
    ):
        return []
    return [
        Error(
            "Addresses of weights in S3 are not signed, or last longer than ten minutes.",
            hint='Set "querystring_expire" in IMPRIMATUR_RELEASES_STORAGE, such as 60 seconds.',
            id="registry.E002",
        )
    ]


def first_words(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    """The first literal word of each address that has one and goes on below it."""
    for entry in patterns:
        route = entry.pattern
        if not isinstance(route, RoutePattern):
            continue  # the Hub's own routes, which look ahead for reserved words
        word = str(route).split("/", 1)[0]
        if str(route) == "" and isinstance(entry, URLResolver):
            yield from first_words(entry.url_patterns)
        elif word and "<" not in word:
            yield word
