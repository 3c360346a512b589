"""Add a picture by its address: fetched here, so that what its server says about it is on record.

Only public servers are asked, at the address that was checked, within the limits of an upload.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidError
from ledger.services import append
from provenance.events import PictureFetched
from provenance.intake.metadata.embedded import Signal, bounded
from provenance.intake.metadata.headers import signals_of
from provenance.intake.services import limits, owned_and_open, place, take_in

if TYPE_CHECKING:
    from accounts.actors import Actor
    from provenance.intake.rules import Limits
    from provenance.models import ImageSet, SetImage

MAX_REDIRECTS: Final = 3
REDIRECTS: Final = (301, 302, 303, 307, 308)
LONGEST_URL: Final = 500
PIECE: Final = 65_536
PORTS: Final = {"http": 80, "https": 443}
IN_IPV6: Final = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 addresses, the private ones included, as NAT64 writes them."""
BY_HAND: Final = "Save the picture and upload the file."


@dataclass(frozen=True)
class Fetched:
    """A file as a server sent it, and what the answers on the way said of training."""

    url: str
    """The last address, after redirects."""
    data: bytes
    signals: tuple[Signal, ...]


def add_from_url(*, actor: Actor, image_set: ImageSet, url: str, collector: str = "") -> SetImage:
    """Fetch a picture and put it into a set, with its address, the day and its server's words.

    Where the same bytes are in the set already, what the server says is added to that item.
    """
    with transaction.atomic():
        owned_and_open(actor, image_set)  # before the slow part, and once more after it
    url = url.strip()
    got = fetch(url, limits())
    image = take_in(got.data)
    with transaction.atomic():
        item = place(
            actor=actor,
            image_set=owned_and_open(actor, image_set),
            image=image,
            filename=unquote(urlsplit(got.url).path) or "unnamed",
            source_url=url,
            collector=collector,
        )
        _note(actor, item, url, got)
    return item


def _note(actor: Actor, item: SetImage, url: str, got: Fetched) -> None:
    now = timezone.now()
    before = [Signal(**one) for one in item.fetched.get("signals", [])]
    signals = bounded([*before, *got.signals])
    item.fetched = {
        "url": got.url,
        "at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "signals": [asdict(one) for one in signals],
    }
    item.source_url = item.source_url or url
    item.collected_on = item.collected_on or now.date()
    item.save(update_fields=["fetched", "source_url", "collected_on"])
    said = tuple(f"{one.source}={one.training}" for one in signals)
    event = PictureFetched(item=str(item.pk), sha256=item.image.sha256, signals=said)
    append(actor=actor.id, subject=f"set:{item.image_set_id}", event=event, statement=got.url)


def fetch(url: str, bounds: Limits, *, redirects: int = MAX_REDIRECTS) -> Fetched:
    """The file at a public http or https address. Raises InvalidError with what to do instead."""
    until = time.monotonic() + bounds.seconds
    headers: list[tuple[str, str]] = []
    for _ in range(redirects + 1):
        parts = checked(url)
        onward, data = _ask(parts, bounds.max_bytes, until, headers)
        if not onward:
            return Fetched(parts.geturl(), data, signals_of(headers))
        url = urljoin(parts.geturl(), onward)
    raise InvalidError(
        "too_many_redirects",
        f"This address leads on to another one more than {redirects} times.",
        "Give the address of the file itself.",
    )


def checked(url: str) -> SplitResult:
    """The parts of an address that may be asked at all; InvalidError for any other."""
    try:
        parts = urlsplit(url.strip())._replace(fragment="")
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), 0
    plain = parts.scheme in PORTS and parts.hostname and "@" not in parts.netloc and port != 0
    if not plain or len(url) > LONGEST_URL or not url.isprintable():
        raise InvalidError(
            "bad_url",
            "This is not an http or https address that can be asked for a picture.",
            "Copy the address of the picture itself, without a user name or password.",
        )
    return parts


def address_of(host: str, port: int) -> str:
    """The one address to connect to. A name with any address that is not public is refused."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InvalidError(
            "unknown_host", f"There is no server called {host!r}.", "Check the address."
        ) from error
    addresses = [str(one[4][0]) for one in found]
    if host not in settings.FETCH_ALLOWED_HOSTS and not all(map(is_public, addresses)):
        raise InvalidError(
            "private_address",
            f"{host!r} is not on the public internet, so it is not asked.",
            BY_HAND,
        )
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet, and hides no other one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and (
        ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip in IN_IPV6
    ):
        return False
    return ip.is_global and not ip.is_multicast


class Pinned(http.client.HTTPConnection):
    """Connects to the address that was checked, whatever the name says a moment later."""

    def __init__(self, parts: SplitResult, seconds: float) -> None:
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        super().__init__(host, port, timeout=seconds)
        self.default_port = PORTS[parts.scheme]
        self.address = address_of(host, port)
        self.tls = ssl.create_default_context() if parts.scheme == "https" else None
        self.socket: socket.socket | None = None
        self.expired = False

    def connect(self) -> None:
        self.sock = self.socket = socket.create_connection((self.address, self.port), self.timeout)
        if self.tls:
            # The handshake comes after the socket is known here, so that it can be cut off.
            self.sock = self.socket = wrapped = self.tls.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            wrapped.do_handshake()

    def expire(self) -> None:
        """Cut the connection off; the thread that reads from it notices."""
        self.expired = True
        if self.socket is not None:
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)


def _ask(
    parts: SplitResult, most: int, until: float, headers: list[tuple[str, str]]
) -> tuple[str, bytes]:
    """Where the answer leads on to, or its bytes; its headers are added to `headers`."""
    seconds = max(0.001, until - time.monotonic())
    connection = Pinned(parts, seconds)
    timer = threading.Timer(seconds, connection.expire)
    timer.daemon = True
    timer.start()
    try:
        with _answer(connection, parts) as answer:
            headers += answer.getheaders()
            if answer.status in REDIRECTS and answer.getheader("Location"):
                return str(answer.getheader("Location")), b""
            _check(answer, most)
            return "", _body(answer, most, connection)
    except TimeoutError as error:
        raise _too_slow() from error
    except (OSError, EOFError, ValueError, http.client.HTTPException) as error:
        if connection.expired:
            raise _too_slow() from error
        raise InvalidError(
            "not_fetched", f"The server {parts.hostname!r} did not send this file.", BY_HAND
        ) from error
    finally:
        timer.cancel()
        connection.close()


def _answer(connection: Pinned, parts: SplitResult) -> http.client.HTTPResponse:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    query = "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~?") if parts.query else ""
    headers = {
        "User-Agent": f"Imprimatur (+{settings.SITE_URL})",
        "Accept": "image/*, text/plain",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    connection.request("GET", path + query, headers=headers)
    return connection.getresponse()


def _check(answer: http.client.HTTPResponse, most: int) -> None:
    if answer.status != http.client.OK:
        raise InvalidError(
            "not_fetched", f"The server answered {answer.status} instead of the file.", BY_HAND
        )
    if (answer.getheader("Content-Encoding") or "identity").lower() != "identity":
        raise InvalidError("not_fetched", "The server sent the file packed.", BY_HAND)
    if (answer.length or 0) > most:
        raise _too_large(most)


def _body(answer: http.client.HTTPResponse, most: int, connection: Pinned) -> bytes:
    data = bytearray()
    while piece := answer.read(PIECE):
        data += piece
        if len(data) > most:
            raise _too_large(most)
    if connection.expired:  # cut off, which reads like the end of the file
        raise TimeoutError
    if answer.length:  # it was announced, and the connection ended before
        raise EOFError
    return bytes(data)


def _too_large(most: int) -> InvalidError:
    return InvalidError(
        "too_large", f"This file has more than {most:,} bytes.", "Add a smaller version of it."
    )


def _too_slow() -> InvalidError:
    return InvalidError("too_slow", "The server took too long to send this file.", BY_HAND)
