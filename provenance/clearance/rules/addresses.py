"""Addresses that a reservation covers, in one normal form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

PORTS = {"http": 80, "https": 443}
AUTHORITY = re.compile(r"[^:/?#]*://([^/?#]*)")


def normal(address: str) -> str:
    """Host, port where unusual, and path of a web address; http and https are the same place.

    ValueError says in a sentence why it is not one.
    """
    parts = urlsplit(address.strip())
    if parts.scheme.lower() not in PORTS or not parts.hostname:
        raise ValueError("Write the whole address, beginning with https://")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("Leave out user names, ? and # from the address.")
    return _place(address)


def located(address: str) -> str:
    """Where any address leads, as `normal` writes it; "" for what is none."""
    try:
        return _place(address)
    except ValueError:
        return ""


def covers(prefix: str, found: str) -> bool:
    """Whether `found` is `prefix` or lies below it, both as `located` writes them.

    /art reserves /art/1.png, and not /artist.
    """
    below = prefix if prefix.endswith("/") else f"{prefix}/"
    return bool(prefix) and (found == prefix or found.startswith(below) or f"{found}/" == prefix)


def host_of(found: str) -> str:
    """The host of an address in normal form."""
    return urlsplit(found).hostname or ""


def hosts_of(addresses: Iterable[str]) -> set[str]:
    """The hosts of many addresses, each way to write one looked at once."""
    written = {found[1] for address in addresses if (found := AUTHORITY.match(address.strip()))}
    return {host_of(located(f"https://{host}/")) for host in written} - {""}


def lies_in(host: str, domain: str) -> bool:
    """Whether `host`, as `host_of` tells it, is in `domain`, however that is written."""
    whole = host_of(located(f"https://{domain}/"))
    return bool(whole) and (host == whole or host.endswith(f".{whole}"))


def _place(address: str) -> str:
    parts = urlsplit(address.strip())
    try:
        host = (parts.hostname or "").rstrip(".").encode("idna").decode()
        port = parts.port
    except UnicodeError as error:
        raise ValueError("This is not a web address.") from error
    if "." not in host.strip("."):
        raise ValueError("The address needs a full domain name.")
    *steps, last = unquote(parts.path).split("/")[1:] or [""]
    kept: list[str] = []
    for step in steps if last not in (".", "..") else (*steps, last):
        if step == "..":
            del kept[-1:]
        elif step not in ("", "."):
            kept.append(step)
    kept.append("" if last in (".", "..") else last)
    where = host if port in (None, PORTS.get(parts.scheme.lower())) else f"{host}:{port}"
    return f"https://{where.lower()}/{quote('/'.join(kept))}"
