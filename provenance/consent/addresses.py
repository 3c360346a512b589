"""Addresses that a reservation covers, in one normal form. Pure."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

PORTS = {"http": 80, "https": 443}


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


def covers(prefix: str, address: str) -> bool:
    """Whether `address` begins with `prefix`, which is in normal form. What is none, does not."""
    try:
        return _place(address).startswith(prefix)
    except ValueError:
        return False


def _place(address: str) -> str:
    parts = urlsplit(address.strip())
    try:
        host = (parts.hostname or "").rstrip(".").encode("idna").decode()
        port = parts.port
    except UnicodeError as error:
        raise ValueError("This is not a web address.") from error
    if "." not in host.strip("."):
        raise ValueError("The address needs a full domain name.")
    steps: list[str] = []
    for step in unquote(parts.path).split("/")[1:]:
        if step == "..":
            del steps[-1:]
        elif step != ".":
            steps.append(step)
    where = host if port in (None, PORTS.get(parts.scheme.lower())) else f"{host}:{port}"
    return f"https://{where.lower()}/{quote('/'.join(steps))}"


def host_of(prefix: str) -> str:
    """The host of an address in normal form."""
    return urlsplit(prefix).hostname or ""
