"""Read one small text from a party's own web domain, as carefully as a stranger's server asks for.

https only, no redirects, no private addresses, the address that was checked is the one that is
called, and both size and time are bounded. `settings.FETCH_ALLOWED_HOSTS` names hosts that are
exempt (for tests, and for sites that serve an internal network).
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from contextlib import closing
from typing import Final

from django.conf import settings

from accounts.errors import RefusedError

PATH: Final = "/.well-known/imprimatur.txt"
MAX_BYTES: Final = 4096
SECONDS: Final = 10
FOUND: Final = 200


class _Pinned(http.client.HTTPSConnection):
    """HTTPS to one address; the certificate must be the host's."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(host, timeout=SECONDS, context=ssl.create_default_context())
        self.address = address

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), SECONDS)
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(plain, server_hostname=self.host)


def read_well_known(host: str) -> str:
    """The text at `https://<host>/.well-known/imprimatur.txt`; RefusedError where there is none."""
    try:
        with closing(_connection(host)) as connection:
            connection.connect()
            return _read(connection)
    except (OSError, http.client.HTTPException) as error:
        raise _refusal(host, f"it cannot be reached ({type(error).__name__})") from error


def _connection(host: str) -> http.client.HTTPConnection:
    if host in settings.FETCH_ALLOWED_HOSTS:
        return http.client.HTTPConnection(host, timeout=SECONDS)
    found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(ipaddress.ip_address(each).is_global for each in addresses):
        raise _refusal(host, "it does not lie in the public internet")
    return _Pinned(host, addresses[0])


def _read(connection: http.client.HTTPConnection) -> str:
    """The body; a server that dribbles is cut off, as a time limit for each read would not do."""
    cut_off = threading.Timer(SECONDS, connection.sock.shutdown, [socket.SHUT_RDWR])
    cut_off.start()
    try:
        connection.request("GET", PATH, headers={"Accept": "text/plain"})
        answer = connection.getresponse()
        body = answer.read(MAX_BYTES + 1)
    finally:
        cut_off.cancel()
    if answer.status != FOUND:
        raise _refusal(connection.host, f"it answers {answer.status}; redirects are not followed")
    if len(body) > MAX_BYTES:
        raise _refusal(connection.host, f"the file has more than {MAX_BYTES} bytes")
    return body.decode("utf-8", "replace")


def _refusal(host: str, why: str) -> RefusedError:
    return RefusedError(
        "domain_unread",
        f"The file at https://{host}{PATH} was not read: {why}.",
        "Put a text file with the token there, and try again.",
    )
